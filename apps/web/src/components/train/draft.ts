import { type Admission, type Algorithm, type Parameter, type ParameterValue, type Preprocess, type Search, type Task, algorithms, leafRule, taskOfTarget } from '@neurodata/engine';
import type { ManifestColumn } from '@neurodata/protocol';
import { pointed } from '../../language/format.ts';

/** What the form holds: values as typed, so that a half-written one is not lost, and for each algorithm its own. */
export type Draft = {
  task: Task;
  algorithm: string;
  /** Empty for tasks without one. */
  target: string;
  features: string[];
  /** Empty: every row counts the same. */
  weight: string;
  values: Record<string, Record<string, string>>;
  preparation: Record<string, Partial<Preprocess>>;
  selection: SelectionDraft;
  /** Whether the leaderboard's split takes the place of the two below, once it is known. */
  onBoard: boolean;
  testFraction: string;
  seed: string;
  maxSteps: string;
};

/** Validation and search as the form holds them. */
export type SelectionDraft = {
  validate: boolean;
  search: 'none' | Search['method'];
  /** Of both. */
  folds: string;
  /** Values to try, by algorithm and parameter. */
  tries: Record<string, Record<string, string>>;
  /** Empty: the engine's usual number. */
  iterations: string;
  /** Empty: the task's main one. */
  score: string;
};

export const noSelection: SelectionDraft = { validate: false, search: 'none', folds: '5', tries: {}, iterations: '', score: '' };

/** Categories beyond which a column is left out unless the reader asks for it: each becomes a weight. */
const MANY_CATEGORIES = 50;
const MANY_CLASSES = 30;

export const tasks: readonly Task[] = ['classification', 'regression', 'clustering', 'reduction'];

export function hasTarget(task: Task): boolean {
  return task === 'classification' || task === 'regression';
}

/** The algorithms that the data's publisher admits and that do this task. */
export function algorithmsFor(task: Task, admission: Admission): Algorithm[] {
  return algorithms.filter((one) => admission.algorithms.includes(one.name) && one.tasks.includes(task));
}

/** Columns that can be a target of this task: of a class, two or more values and not too many; of a number, numbers. */
export function targetsOf(columns: ManifestColumn[], task: Task): ManifestColumn[] {
  if (!hasTarget(task)) return [];
  if (task === 'regression') return columns.filter(({ kind, distinct }) => kind === 'numeric' && distinct >= 2);
  const fit = columns.filter(({ distinct }) => distinct >= 2 && distinct <= MANY_CLASSES);
  return fit.length > 0 ? fit : columns.filter(({ distinct }) => distinct >= 2);
}

/** Whether a column is a sensible feature by default: neither constant nor nearly a name for each row. */
export function isUsable(column: ManifestColumn): boolean {
  return column.distinct >= 2 && (column.kind === 'numeric' || column.distinct <= MANY_CATEGORIES);
}

/** A draft that can be started as it is: a class to predict where a column has few, else a number, else groups to find. */
export function draftFor(columns: ManifestColumn[], admission: Admission): Draft {
  const possible = tasks.filter((task) => algorithmsFor(task, admission).length > 0 && (!hasTarget(task) || targetsOf(columns, task).length > 0));
  const named = possible.includes('classification') && columns.some((column) => column.kind === 'categorical' && targetsOf(columns, 'classification').includes(column));
  const counted = possible.includes('regression') && columns.some((column) => taskOfTarget(column) === 'regression');
  const task = named ? 'classification' : counted ? 'regression' : (possible[0] ?? 'classification');
  const empty: Draft = { task, algorithm: '', target: '', features: [], weight: '', values: {}, preparation: {}, selection: noSelection, onBoard: true, testFraction: pointed('0.25'), seed: '7', maxSteps: '100000' };
  const draft = withTask(empty, task, columns, admission);
  return { ...draft, features: columns.filter((column) => column.name !== draft.target && isUsable(column)).map(({ name }) => name) };
}

/** The draft with another task: algorithm and target stay where they fit it. */
export function withTask(draft: Draft, task: Task, columns: ManifestColumn[], admission: Admission): Draft {
  const fit = algorithmsFor(task, admission);
  const algorithm = fit.find(({ name }) => name === draft.algorithm) ?? fit[0];
  const targets = targetsOf(columns, task);
  const likely = targets.find((column) => (task === 'regression' ? taskOfTarget(column) === 'regression' : column.kind === 'categorical'));
  const target = (targets.find(({ name }) => name === draft.target && task === taskOfTarget(columnNamed(columns, draft.target))) ?? likely ?? targets[0])?.name ?? '';
  const weight = algorithm?.takesWeights ? draft.weight : '';
  // The scores of a task are its own.
  const selection = task === draft.task ? draft.selection : { ...draft.selection, score: '' };
  return withTarget({ ...draft, task, algorithm: algorithm?.name ?? '', weight, selection }, target, columns);
}

/** The draft with another target: what was one before may be learned from again. */
export function withTarget(draft: Draft, target: string, columns: ManifestColumn[]): Draft {
  const before = columns.find(({ name }) => name === draft.target);
  const back = before !== undefined && before.name !== target && before.name !== draft.weight && isUsable(before) ? [before.name] : [];
  const features = [...new Set([...draft.features, ...back])].filter((name) => name !== target);
  return { ...draft, target, features };
}

function columnNamed(columns: ManifestColumn[], name: string): Pick<ManifestColumn, 'kind' | 'distinct'> {
  return columns.find((column) => column.name === name) ?? { kind: 'categorical', distinct: 0 };
}

/** A parameter's text in the form: what was typed, else where it begins on this data. */
export function textOf(draft: Draft, parameter: Parameter, admission: Admission): string {
  return draft.values[draft.algorithm]?.[parameter.name] ?? valueText(startOf(draft.algorithm, parameter, admission));
}

/** The default, or the least that the data's publisher admits. */
export function startOf(algorithm: string, parameter: Parameter, admission: Admission): ParameterValue {
  const leaf = leafRule(algorithm, admission);
  if (leaf?.parameter === parameter.name && typeof parameter.default === 'number') return Math.max(parameter.default, leaf.least);
  return parameter.default;
}

/** Nothing stands for null. */
function valueText(value: ParameterValue): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'number' ? pointed(String(value)) : String(value);
}

/** The draft with one parameter of its algorithm typed anew. */
export function withValue(draft: Draft, name: string, text: string): Draft {
  return { ...draft, values: { ...draft.values, [draft.algorithm]: { ...draft.values[draft.algorithm], [name]: text } } };
}
