import { checkTrainSpec } from '@neurodata/engine';
import type { JobSpec, ManifestColumn } from '@neurodata/protocol';

/** What the form holds: numbers as typed, so that a half-written one is not lost. */
export type Draft = { target: string; features: string[]; numbers: Record<NumberField, string> };
export type NumberField = 'C' | 'maxIterations' | 'tolerance' | 'testFraction' | 'seed';

/** Memory that a run may use, in bytes: part of the spec, so that stopping is deterministic. */
const MAX_BYTES = 1_000_000_000;
/** Categories beyond which a column is left out unless the reader asks for it: each becomes a weight. */
const MANY_CATEGORIES = 50;
const MANY_CLASSES = 30;

export const numberFields: { name: NumberField; label: string; help: string; integer: boolean; range: [number, number]; start: string }[] = [
  { name: 'C', label: 'C', help: 'How far weights may grow; smaller is simpler. As in scikit-learn.', integer: false, range: [1e-9, 1e9], start: '1' },
  { name: 'maxIterations', label: 'Iterations', help: 'At most this many Newton steps; usually 5 to 15 are enough.', integer: true, range: [1, 10_000], start: '100' },
  { name: 'tolerance', label: 'Tolerance', help: 'Stop when no component of the gradient is larger.', integer: false, range: [1e-12, 1], start: '0.000001' },
  { name: 'testFraction', label: 'Test fraction', help: 'Part of the rows kept aside to measure accuracy.', integer: false, range: [0.001, 0.999], start: '0.25' },
  { name: 'seed', label: 'Seed', help: 'Decides which rows are kept aside; same seed, same split.', integer: true, range: [0, 4_294_967_295], start: '7' },
];

/** Columns that can be a target: two or more classes, and not as many as rows. */
export function targetsOf(columns: ManifestColumn[]): ManifestColumn[] {
  const fit = columns.filter(({ distinct }) => distinct >= 2 && distinct <= MANY_CLASSES);
  return fit.length > 0 ? fit : columns;
}

/** A draft that can be started as it is: a categorical target with few classes, and all usable columns. */
export function draftFor(columns: ManifestColumn[]): Draft {
  const targets = targetsOf(columns);
  const target = targets.find(({ kind }) => kind === 'categorical') ?? targets[0];
  return {
    target: target?.name ?? '',
    features: columns.filter((column) => column.name !== target?.name && isUsable(column)).map(({ name }) => name),
    numbers: Object.fromEntries(numberFields.map(({ name, start }) => [name, start])) as Record<NumberField, string>,
  };
}

/** Whether a column is a sensible feature by default: neither constant nor nearly a name for each row. */
export function isUsable(column: ManifestColumn): boolean {
  return column.distinct >= 2 && (column.kind === 'numeric' || column.distinct <= MANY_CATEGORIES);
}

/** What keeps the draft from being started, in words. */
export function checkDraft(draft: Draft): string | undefined {
  if (draft.features.length === 0) return 'Choose at least one feature.';
  const wrong = numberFields.find((field) => !fits(field, draft.numbers[field.name]));
  if (!wrong) return undefined;
  const [low, high] = wrong.range;
  return `${wrong.label} must be ${wrong.integer ? 'a whole number' : 'a number'} from ${low} to ${high}.`;
}

/** Whether a text is a number that the field admits. */
export function fits(field: (typeof numberFields)[number], text: string): boolean {
  const [low, high] = field.range;
  const value = Number(text);
  return text.trim() !== '' && value >= low && value <= high && (!field.integer || Number.isInteger(value));
}

/** The algorithm part of the job spec. Features keep the order of the table, so that equal choices give equal specs. */
export function trainSpecOf(draft: Draft, columns: ManifestColumn[]): JobSpec['train'] {
  const number = (name: NumberField): number => Number(draft.numbers[name]);
  return checkTrainSpec({
    algorithm: 'logistic-regression',
    target: draft.target,
    features: columns.filter(({ name }) => draft.features.includes(name)).map(({ name, kind }) => ({ name, kind })),
    split: { rule: 'hash-rank', seed: number('seed'), testFraction: number('testFraction') },
    parameters: { C: number('C'), max_iter: number('maxIterations'), tol: number('tolerance') },
    limits: { maxSteps: number('maxIterations'), maxBytes: MAX_BYTES },
  });
}
