import { type Admission, type Algorithm, EngineError, type Parameter, type ParameterValue, type Search, type TrainSpec, type Validation, allowedValues, checkSearch, checkValidation, findAlgorithm, findInadmissible, isSearchable, leafRule, parseParameter, parseValues } from '@neurodata/engine';
import { decimals, lowered, unpointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { tFrom } from '../../language/tFrom.ts';
import type { Draft } from './draft.ts';

/** What is wrong, by field: `folds`, `iterations`, `search` as a whole, or `try` and the name of a parameter. */
export type SelectionProblems = Map<string, string>;

type Asked = Pick<TrainSpec, 'validation' | 'search'>;

const titles: Record<string, string> = { folds: t`Folds`, iterations: t`Combinations`, score: t`The metric` };

/** The parameters that are tried with what was typed for them, for the draft's algorithm. */
export function triesOf({ algorithm, selection }: Draft): [Parameter, string][] {
  const typed = selection.tries[algorithm] ?? {};
  return findAlgorithm(algorithm).parameters.flatMap((parameter): [Parameter, string][] => {
    const text = typed[parameter.name];
    return text === undefined ? [] : [[parameter, text]];
  });
}

/** The parameters that can still be added to the search. */
export function untried(draft: Draft): Parameter[] {
  const typed = draft.selection.tries[draft.algorithm] ?? {};
  return findAlgorithm(draft.algorithm).parameters.filter((parameter) => isSearchable(parameter) && typed[parameter.name] === undefined);
}

/** The draft with what was typed for a parameter to try; undefined: it is not tried. */
export function withTry(draft: Draft, name: string, text: string | undefined): Draft {
  const { [name]: _, ...others } = draft.selection.tries[draft.algorithm] ?? {};
  const own = text === undefined ? others : { ...others, [name]: text };
  return { ...draft, selection: { ...draft.selection, tries: { ...draft.selection.tries, [draft.algorithm]: own } } };
}

/** What the form asks for, as the engine has checked it, or all that is wrong with it. */
export function readSelection(draft: Draft, admission: Admission): Asked | { problems: SelectionProblems } {
  const problems: SelectionProblems = new Map();
  const { validate, search } = draft.selection;
  const asked: Asked = {
    ...(validate ? attempt(problems, () => ({ validation: readValidation(draft) })) : {}),
    ...(search === 'none' ? {} : attempt(problems, () => readSearch({ draft, admission, method: search, problems }))),
  };
  return problems.size === 0 ? asked : { problems };
}

function attempt<T>(problems: SelectionProblems, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { field = '', allowed } = error.refused ?? {};
    const name = field.split('.')[2] ?? '';
    const title = titles[name];
    if (title !== undefined && allowed !== undefined) problems.set(name, t`${title} must be ${tFrom(allowed)}.`);
    else problems.set('search', tFrom(error.message).replace('spec.search.parameters', t`The search`));
    return undefined;
  }
}

function knownOf({ algorithm, task, seed }: Draft): { algorithm: Algorithm; task: Draft['task']; seed: number } {
  return { algorithm: findAlgorithm(algorithm), task, seed: numberOf(seed) };
}

function readValidation(draft: Draft): Validation {
  return checkValidation({ folds: numberOf(draft.selection.folds) }, knownOf(draft));
}

type Read = { draft: Draft; admission: Admission; method: Search['method']; problems: SelectionProblems };

function readSearch({ draft, admission, method, problems }: Read): Asked {
  const { folds, iterations, score } = draft.selection;
  const parameters: Record<string, ParameterValue[]> = {};
  for (const [parameter, text] of triesOf(draft)) {
    const values = readValues({ draft, admission, parameter, text });
    if (typeof values === 'string') problems.set(`try ${parameter.name}`, values);
    else parameters[parameter.name] = values;
  }
  const value = { method, parameters, folds: numberOf(folds), ...(method === 'random' && iterations.trim() !== '' ? { iterations: numberOf(iterations) } : {}), ...(score === '' ? {} : { score }) };
  // How many combinations there are is not known before all lists are right.
  return problems.size > 0 ? {} : { search: checkSearch(value, knownOf(draft)) };
}

/** The values of one parameter, or what is wrong with them, as a sentence. */
function readValues({ draft, admission, parameter, text }: Pick<Read, 'draft' | 'admission'> & { parameter: Parameter; text: string }): ParameterValue[] | string {
  const { name, title } = parameter;
  let values: ParameterValue[];
  try {
    values = parameter.kind === 'number' ? decimals(text).map((value) => parseParameter(parameter, value)) : parseValues(parameter, text);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return t`Each value of ${lowered(tFrom(title))} must be ${tFrom(allowedValues(parameter))}.`;
  }
  try {
    const search = checkSearch({ method: 'random', iterations: 1, parameters: { [name]: values } }, knownOf(draft));
    const bounded = leafRule(draft.algorithm, admission)?.parameter === name;
    return (bounded ? findInadmissible({ algorithm: draft.algorithm, parameters: { [name]: values[0] ?? null }, search }, admission) : undefined) ?? values;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return t`${tFrom(title)} must be ${tFrom(error.refused?.allowed ?? error.message)}.`;
  }
}

/** NaN for what is no number, which the engine refuses. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(unpointed(text));
}
