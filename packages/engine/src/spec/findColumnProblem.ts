import type { ColumnSpec, TrainSpec } from './types.ts';

type KnownColumn = { name: string; kind: 'numeric' | 'categorical'; distinct: number };

/** Why a checked spec cannot be run on a table with these columns, as a sentence; undefined where it looks right. */
export function findColumnProblem(spec: Pick<TrainSpec, 'target' | 'task' | 'weight' | 'features'>, columns: readonly KnownColumn[]): string | undefined {
  const { target, task, weight, features } = spec;
  const problem = (target === null ? undefined : targetProblem(target, task, columns)) ?? (weight === null ? undefined : weightProblem(weight, columns));
  if (problem !== undefined) return problem;
  for (const feature of features) {
    const found = featureProblem(feature, columns);
    if (found !== undefined) return found;
  }
  return undefined;
}

function targetProblem(name: string, task: TrainSpec['task'], columns: readonly KnownColumn[]): string | undefined {
  const target = columns.find((column) => column.name === name);
  if (!target) return noColumn(name, columns);
  if (task === 'regression') return target.kind === 'numeric' ? undefined : `Column ${JSON.stringify(name)} does not hold numbers only: regression needs a numeric target.`;
  return target.distinct < 2 ? `Column ${JSON.stringify(name)} has ${target.distinct} different values; a target needs at least 2.` : undefined;
}

function weightProblem(name: string, columns: readonly KnownColumn[]): string | undefined {
  const column = columns.find((one) => one.name === name);
  if (!column) return noColumn(name, columns);
  return column.kind === 'numeric' ? undefined : `Column ${JSON.stringify(name)} does not hold numbers only: weights are numbers.`;
}

function featureProblem(feature: ColumnSpec, columns: readonly KnownColumn[]): string | undefined {
  const column = columns.find(({ name }) => name === feature.name);
  if (!column) return noColumn(feature.name, columns);
  const fits = feature.kind === 'categorical' || column.kind === 'numeric';
  return fits ? undefined : `Column ${JSON.stringify(feature.name)} does not hold numbers only: use it as categorical.`;
}

function noColumn(name: string, columns: readonly KnownColumn[]): string {
  return `The table has no column ${JSON.stringify(name)}: its columns are ${columns.map((column) => JSON.stringify(column.name)).join(', ')}.`;
}
