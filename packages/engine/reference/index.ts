import { sha256Hex } from '../src/hash.ts';
import { findAlgorithm } from '../src/algorithms/index.ts';
import { engineId } from '../src/kernels/index.ts';
import { writeModel } from '../src/model/model.ts';
import { schemaOf } from '../src/prepare/problem.ts';
import { type Checkpoint, runBinding, writeCheckpoint } from '../src/run/checkpoint.ts';
import { checkpointRoot } from '../src/run/merkle.ts';
import { type TrainResult, thin } from '../src/run/train.ts';
import { checkTrainSpec } from '../src/spec/trainSpec.ts';
import type { TrainSpec, TrainSpecInput } from '../src/spec/types.ts';
import { readTextTable } from '../src/table/readTable.ts';
import type { Table } from '../src/table/table.ts';
import { tableDigest } from '../src/table/tableDigest.ts';
import { explainReference } from './explain.ts';
import { type Cell, cellOf, encodeCell, fitFeature } from './features.ts';
import type { Data } from './learner.ts';
import { learners } from './learners.ts';
import { scoreReference } from './metrics.ts';
import { splitRows } from './split.ts';

/**
 * What `train` does, written to be read: plain arrays, one loop per formula, no WebAssembly. It
 * shares parsing and byte formats with the engine, and must agree with it bit for bit; its models
 * carry the id of that engine. For tables that can be learned: bad ones are `train`'s to refuse.
 */
export function trainReference({ csv, spec: unchecked }: { csv: Uint8Array; spec: TrainSpecInput }): TrainResult {
  const spec = checkTrainSpec(unchecked);
  const table = readTextTable(csv, schemaOf(spec));
  const { train, test, dropped } = partRows(table, spec);
  const features = spec.features.map((feature) => fitFeature(feature, spec.preprocess, train.map((row) => cellOf(table, feature, row))));
  const encode = (row: number): number[] => features.flatMap((feature) => encodeCell(feature, cellOf(table, feature, row)));
  const target = (row: number): Cell => (spec.target === null ? null : cellOf(table, { name: spec.target, kind: spec.task === 'classification' ? 'categorical' : 'numeric' }, row));
  const classes = spec.task === 'classification' ? [...new Set(train.map(target).map(String))].sort() : [];
  const targetOf = (row: number): number => (spec.task === 'classification' ? classes.indexOf(String(target(row))) : Number(target(row)));
  const { weight } = spec;
  const maxSteps = Math.min(findAlgorithm(spec.algorithm).maxSteps(spec.parameters, train.length, classes.length), spec.limits.maxSteps);
  const data: Data = {
    rows: train.map(encode), classes: classes.length, task: spec.task, parameters: spec.parameters, maxSteps,
    targets: spec.target === null ? [] : train.map(targetOf),
    weights: weight === null ? null : train.map((row) => Number(cellOf(table, { name: weight, kind: 'numeric' }, row))),
  };
  const digest = tableDigest(table);
  const learn = learners[spec.algorithm];
  if (learn === undefined) throw new TypeError(`The twin has no ${spec.algorithm}`);
  const learned = learn(data);
  const { states, converged, body, predict } = learned;
  const checkpoints: Checkpoint[] = [];
  for (const [step, { loss, kept }] of states.entries()) {
    checkpoints.push(writeCheckpoint({ binding: runBinding(digest, spec), step, loss, kept, previous: checkpoints.at(-1)?.digest }));
  }
  const tests = test.map((row) => ({ row: encode(row), outputs: predict(encode(row)), actual: spec.target === null ? 0 : targetOf(row) }));
  const explanation = explainReference({ spec, classes, features, learned, tests, trainCells: spec.features.map((feature) => train.map((row) => cellOf(table, feature, row))) });
  const model = writeModel({ spec, features, classes, engineId, body });
  return {
    model, converged, checkpoints, engineId,
    modelDigest: sha256Hex(model),
    metrics: { ...scoreReference({ spec, classes, learned, tests, trainRows: train.length, droppedRows: dropped }), ...(explanation === undefined ? {} : { explanation }) },
    checkpointRoot: checkpointRoot(checkpoints.map((checkpoint) => checkpoint.digest)),
    tableDigest: digest,
    steps: states.length - 1,
    maxSteps,
    stopped: false,
    lossCurve: thin(states.map(({ loss }) => loss), 1_000),
  };
}

function partRows(table: Table, spec: TrainSpec): { train: number[]; test: number[]; dropped: number } {
  const all = Array.from({ length: table.rows }, (_, row) => row);
  const { target, task } = spec;
  const kept = target === null ? all : all.filter((row) => cellOf(table, { name: target, kind: task === 'classification' ? 'categorical' : 'numeric' }, row) !== null);
  return { ...splitRows(kept, spec.split), dropped: all.length - kept.length };
}
