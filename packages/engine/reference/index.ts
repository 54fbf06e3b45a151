import { isMissing } from '../src/cell.ts';
import { type Checkpoint, runBinding, writeCheckpoint } from '../src/checkpoint.ts';
import { parseCsv } from '../src/csv.ts';
import { type FittedFeature, designWidth, vectorCount } from '../src/fittedFeature.ts';
import { sha256Hex } from '../src/hash.ts';
import { engineId } from '../src/kernels.ts';
import { checkpointRoot } from '../src/merkle.ts';
import { writeModel } from '../src/model.ts';
import { column, tableDigest } from '../src/table.ts';
import type { TrainResult } from '../src/train.ts';
import { type TrainSpec, checkTrainSpec } from '../src/trainSpec.ts';
import { encodeCell, fitFeature } from './features.ts';
import { type Matrix, cholesky, dot, largest, solve, zeros } from './matrix.ts';
import { type Data, evaluate, gradient, hessian, objective } from './softmax.ts';
import { splitRows } from './split.ts';

/**
 * What `train` does, written to be read: plain arrays, one loop per formula, no WebAssembly. It
 * shares parsing and byte formats with the engine, and must agree with it bit for bit; its models
 * carry the id of that engine. For tables that can be learned: bad ones are `train`'s to refuse.
 */
export function trainReference({ csv, spec: unchecked }: { csv: Uint8Array; spec: TrainSpec }): TrainResult {
  const spec = checkTrainSpec(unchecked);
  const table = parseCsv(csv);
  const targets = column(table, spec.target);
  const kept = [...targets.keys()].filter((row) => !isMissing(targets[row] ?? ''));
  const { train, test } = splitRows(kept, spec.split);

  const cellsOf = (rows: number[], name: string): string[] => rows.map((row) => column(table, name)[row] ?? '');
  const features = spec.features.map((feature) => fitFeature(feature, cellsOf(train, feature.name)));
  const classes = [...new Set(cellsOf(train, spec.target))].sort();
  const encode = (rows: number[]): Data => ({
    rows: rows.map((row) => [1, ...features.flatMap((feature) => encodeCell(feature, column(table, feature.name)[row] ?? ''))]),
    targets: rows.map((row) => classes.indexOf(targets[row] ?? '')),
    classes: classes.length,
    ridge: 1 / (spec.parameters.C * train.length),
  });

  const digest = tableDigest(table);
  const binding = runBinding(digest, spec);
  const { states, converged } = minimise(encode(train), features, spec);
  const checkpoints: Checkpoint[] = states.map(({ loss, weights }, step) => writeCheckpoint({ binding, step, loss, weights: weights.flat() }));
  const weights = states.at(-1)?.weights ?? [];
  const model = writeModel({ target: spec.target, features, classes, engineId, weights: weights.flat() });
  const counts = { classes, trainRows: train.length, testRows: test.length, droppedRows: table.rows - kept.length };
  return {
    model,
    modelDigest: sha256Hex(model),
    metrics: { ...score(encode(test), weights), ...counts },
    checkpoints,
    checkpointRoot: checkpointRoot(checkpoints.map((checkpoint) => checkpoint.digest)),
    tableDigest: digest,
    steps: states.length - 1,
    converged,
    stopped: false,
    engineId,
    lossCurve: states.map(({ loss }) => loss),
  };
}

type State = { weights: Matrix; loss: number };

/** Newton's method from all-zero weights. The states after each step, the start first. */
function minimise(data: Data, features: FittedFeature[], spec: TrainSpec): { states: State[]; converged: boolean } {
  const shape = { vectors: vectorCount(data.classes), width: designWidth(features) };
  const maxSteps = Math.min(spec.parameters.maxIterations, spec.limits.maxSteps);
  let weights = zeros(shape.vectors, shape.width);
  const states: State[] = [];
  for (;;) {
    const { probabilities, loss: lossSum } = evaluate(data, weights);
    const state = { weights, loss: objective(data, lossSum, weights) };
    states.push(state);
    const slopes = gradient(data, probabilities, weights).flat();
    const converged = largest(slopes) <= spec.parameters.tolerance;
    if (converged || states.length > maxSteps) return { states, converged };
    const direction = newtonDirection(hessian(data, probabilities, shape), slopes);
    const next = search(data, state, { direction, slope: dot(slopes, direction) });
    if (next === undefined) return { states, converged };
    weights = next;
  }
}

/** A Hessian that is singular in f64 gets a growing diagonal. */
function newtonDirection(matrix: Matrix, slopes: number[]): number[] {
  let shift = 0;
  for (let shifts = 0; shifts <= 12; shifts += 1) {
    const factor = cholesky(matrix, shift);
    if (factor !== undefined) return solve(factor, slopes);
    shift = shift === 0 ? largest(matrix.map((row, i) => row[i] ?? 0)) * 2 ** -40 : shift * 16;
  }
  throw new RangeError('The Hessian is not positive definite');
}

/** Halves the step until the loss falls enough (Armijo's rule, with room for 16 units of rounding). */
function search(data: Data, from: State, line: { direction: number[]; slope: number }): Matrix | undefined {
  for (let halvings = 0, scale = 1; halvings <= 30; halvings += 1, scale /= 2) {
    const width = from.weights[0]?.length ?? 0;
    const trial = from.weights.map((vector, v) => vector.map((weight, j) => weight - scale * (line.direction[v * width + j] ?? 0)));
    const loss = objective(data, evaluate(data, trial).loss, trial);
    if (loss <= from.loss - 1e-4 * scale * line.slope + 2 ** -48 * Math.abs(from.loss)) return trial;
  }
  return undefined;
}

/** Ties go to the first class. */
function score(data: Data, weights: Matrix): { accuracy: number; logLoss: number; confusion: number[][] } {
  const { probabilities, loss } = evaluate(data, weights);
  const predicted = probabilities.map((row) => row.indexOf(Math.max(...row)));
  const confusion = zeros(data.classes, data.classes).map((counts, actual) =>
    counts.map((_, guess) => predicted.filter((label, index) => label === guess && data.targets[index] === actual).length),
  );
  const right = predicted.filter((label, index) => label === data.targets[index]).length;
  return { accuracy: right / data.rows.length, logLoss: loss / data.rows.length, confusion };
}
