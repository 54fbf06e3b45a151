import { findAlgorithm } from '../src/algorithms/index.ts';
import type { Metrics } from '../src/metrics/metrics.ts';
import type { FittedFeature } from '../src/prepare/fittedFeature.ts';
import type { TrainSpec } from '../src/spec/types.ts';
import type { Table } from '../src/table/table.ts';
import { type Cell, cellOf, encodeCell, fitFeature } from './features.ts';
import type { Learned } from './learner.ts';
import { learners } from './learners.ts';
import { type Tested, scoreReference } from './metrics.ts';

/** A model of some rows of a table, and how it does on others. */
export type Fitted = { spec: TrainSpec; learned: Learned; features: FittedFeature[]; classes: string[]; tests: Tested[]; trainCells: Cell[][]; mostSteps: number; scored: Metrics };

/** Learns features and model from the train rows, and scores them on the test rows. */
export function fit(parameters: { table: Table; spec: TrainSpec; train: number[]; test: number[]; dropped: number }): Fitted {
  const { table, spec, train, test, dropped } = parameters;
  const trainCells = spec.features.map((feature) => train.map((row) => cellOf(table, feature, row)));
  const features = spec.features.map((feature, place) => fitFeature(feature, spec.preprocess, trainCells[place] ?? []));
  const encode = (row: number): number[] => features.flatMap((feature) => encodeCell(feature, cellOf(table, feature, row)));
  const classes = spec.task === 'classification' ? [...new Set(train.map((row) => targetCell(table, spec, row)).map(String))].sort() : [];
  const targetOf = (row: number): number => (spec.task === 'classification' ? classes.indexOf(String(targetCell(table, spec, row))) : Number(targetCell(table, spec, row)));
  const { weight } = spec;
  const mostSteps = Math.min(findAlgorithm(spec.algorithm).maxSteps(spec.parameters, train.length, classes.length), spec.limits.maxSteps);
  const learn = learners[spec.algorithm];
  if (learn === undefined) throw new TypeError(`The twin has no ${spec.algorithm}`);
  const learned = learn({
    rows: train.map(encode), classes: classes.length, task: spec.task, parameters: spec.parameters, maxSteps: mostSteps,
    targets: spec.target === null ? [] : train.map(targetOf),
    weights: weight === null ? null : train.map((row) => Number(cellOf(table, { name: weight, kind: 'numeric' }, row))),
  });
  const tests = test.map((row) => ({ row: encode(row), outputs: learned.predict(encode(row)), actual: spec.target === null ? 0 : targetOf(row) }));
  return { spec, learned, features, classes, tests, trainCells, mostSteps, scored: scoreReference({ spec, classes, learned, tests, trainRows: train.length, droppedRows: dropped }) };
}

/** A row's target; null where it is missing or there is none. */
export function targetCell(table: Table, { target, task }: TrainSpec, row: number): Cell {
  return target === null ? null : cellOf(table, { name: target, kind: task === 'classification' ? 'categorical' : 'numeric' }, row);
}
