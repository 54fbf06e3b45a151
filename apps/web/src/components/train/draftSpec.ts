import { type Admission, EngineError, type Parameter, type ParameterValue, type TrainSpec, allowedValues, checkTrainSpec, findAlgorithm, findColumnProblem, findInadmissible, leafRule, parseParameter } from '@neurodata/engine';
import type { ManifestColumn } from '@neurodata/protocol';
import { decimal, pointed, unpointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { tFrom } from '../../language/tFrom.ts';
import { type Draft, textOf } from './draft.ts';
import { readSelection } from './selection.ts';

/** Memory that a run may use, in bytes: part of the spec, so that stopping is deterministic. */
const MAX_BYTES = 1_000_000_000;

/** The algorithm part of the job spec, or what keeps the draft from being started, in words. */
export function specOf(draft: Draft, columns: ManifestColumn[], admission: Admission): { spec: TrainSpec } | { problem: string } {
  if (draft.algorithm === '') return { problem: t`No algorithm that the publisher admits does this.` };
  if (draft.features.length === 0) return { problem: t`Choose at least one feature.` };
  const algorithm = findAlgorithm(draft.algorithm);
  for (const parameter of algorithm.parameters) {
    const problem = fieldProblem(draft, parameter, admission);
    if (problem !== undefined) return { problem };
  }
  const problem = limitProblem(draft);
  if (problem !== undefined) return { problem };
  const selection = readSelection(draft, admission);
  if ('problems' in selection) return { problem: [...selection.problems.values()].join(' ') };
  return checked({ draft, columns, admission, selection });
}

/** What is wrong with a parameter as it was typed, for the engine or for this data, as a sentence. */
export function fieldProblem(draft: Draft, parameter: Parameter, admission: Admission): string | undefined {
  try {
    const value = parseField(parameter, textOf(draft, parameter, admission));
    const leaf = leafRule(draft.algorithm, admission);
    const small = leaf?.parameter === parameter.name && typeof value === 'number' && value < leaf.least;
    return small ? t`${tFrom(parameter.title)} must be ${leaf.least} or more on this data, so that no leaf of a tree tells of single rows.` : undefined;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return t`${tFrom(parameter.title)} must be ${allowedText(parameter)}.`;
  }
}

/** What a parameter takes; nothing typed stands for null. */
function allowedText(parameter: Parameter): string {
  const [allowed = '', absent] = allowedValues(parameter).split(/, or null \((.*)\)$/s);
  return absent === undefined ? tFrom(allowed) : t`${tFrom(allowed)}, or empty (${tFrom(absent)})`;
}

/** Nothing typed stands for null where there is one. */
function parseField(parameter: Parameter, text: string): ParameterValue {
  const nullable = (parameter.kind === 'number' || parameter.kind === 'integer') && parameter.orNull !== undefined;
  if (nullable && text.trim() === '') return parseParameter(parameter, 'null');
  return parseParameter(parameter, parameter.kind === 'number' ? decimal(text) : parameter.kind === 'integer' ? unpointed(text) : text);
}

export const limits = {
  testFraction: { title: t`Test fraction`, help: t`Part of the rows kept aside to measure the model.`, least: 0.001, most: 0.999, integer: false },
  seed: { title: t`Seed of the split`, help: t`Decides which rows are kept aside; same seed, same split.`, least: 0, most: 4_294_967_295, integer: true },
  maxSteps: { title: t`Most steps`, help: t`Training ends after so many of the engine's steps, done or not.`, least: 1, most: 100_000, integer: true },
} as const;

/** One of the numbers that every run has, as it was typed; NaN for what is none. */
export function limitOf(draft: Draft, name: keyof typeof limits): number {
  return Number((limits[name].integer ? unpointed : decimal)(draft[name]));
}

/** What is wrong with one of the numbers that every run has. */
export function limitProblem(draft: Draft, only?: keyof typeof limits): string | undefined {
  for (const name of ['testFraction', 'seed', 'maxSteps'] as const) {
    if (only !== undefined && only !== name) continue;
    const { title, least, most, integer } = limits[name];
    const value = limitOf(draft, name);
    if (draft[name].trim() === '' || !(value >= least && value <= most) || (integer && !Number.isInteger(value))) return t`${title} must be ${integer ? t`a whole number` : t`a number`} from ${pointed(String(least))} to ${pointed(String(most))}.`;
  }
  return undefined;
}

type Parts = { draft: Draft; columns: ManifestColumn[]; admission: Admission; selection: Pick<TrainSpec, 'validation' | 'search'> };

/** Features keep the order of the table, so that equal choices give equal specs. */
function checked({ draft, columns, admission, selection }: Parts): { spec: TrainSpec } | { problem: string } {
  const { task, algorithm, target, weight, features, preparation } = draft;
  try {
    const spec = checkTrainSpec({
      algorithm, task, target: target === '' ? null : target, weight: weight === '' ? null : weight,
      features: columns.filter(({ name }) => features.includes(name) && name !== weight).map(({ name, kind }) => ({ name, kind })),
      preprocess: preparation[algorithm] ?? {},
      split: { rule: 'hash-rank', seed: limitOf(draft, 'seed'), testFraction: limitOf(draft, 'testFraction') },
      parameters: Object.fromEntries(findAlgorithm(algorithm).parameters.map((parameter) => [parameter.name, parseField(parameter, textOf(draft, parameter, admission))])),
      limits: { maxSteps: limitOf(draft, 'maxSteps'), maxBytes: MAX_BYTES },
      ...selection,
    });
    const problem = findColumnProblem(spec, columns) ?? findInadmissible(spec, admission);
    return problem === undefined ? { spec } : { problem: tFrom(problem) };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { problem: tFrom(error.message) };
  }
}
