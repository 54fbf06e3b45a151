import { isMissing } from './cell.ts';
import { type Table, parseCsv } from './csv.ts';
import { type RowOrder, createScratch, encodeDesign, fitFeature, scratchBytes } from './design.ts';
import { EngineError } from './errors.ts';
import { type FittedFeature, designWidth, vectorCount } from './fittedFeature.ts';
import { runBinding } from './checkpoint.ts';
import type { Digest } from './hash.ts';
import { type Kernels, type Pointer, allocate, createKernels, integers } from './kernels.ts';
import { column, tableDigest } from './table.ts';
import { type TrainSpec, checkTrainSpec } from './trainSpec.ts';

/** A training problem in the engine's memory. Train rows stand before test rows. */
export type Problem = {
  kernels: Kernels;
  spec: TrainSpec;
  tableDigest: Digest;
  binding: Uint8Array;
  features: FittedFeature[];
  classes: string[];
  vectors: number;
  width: number;
  trainRows: number;
  testRows: number;
  droppedRows: number;
  design: Pointer;
  targets: Pointer;
  probabilities: Pointer;
};

/** Parses, splits, fits the features on the train rows, and fills the engine's memory. */
export function prepare(csv: Uint8Array, unchecked: TrainSpec): Problem {
  const spec = checkTrainSpec(unchecked);
  if (csv.length > spec.limits.maxBytes) throw tooLarge('file', csv.length, spec);
  const table = parseCsv(csv);
  for (const { name } of spec.features) column(table, name);
  const kernels = createKernels();
  const { order, trainRows } = splitRows(kernels, table, spec);
  const classes = readClasses(table, spec.target, { order, trainRows });
  checkMemory(spec, { rows: order.length, trainRows, width: 1, classes: classes.length });
  const scratch = createScratch(kernels, order.length);
  const features = spec.features.map((feature) => fitFeature({ kernels, scratch, table, order, trainRows, spec: feature }));
  const width = designWidth(features);
  checkMemory(spec, { rows: order.length, trainRows, width, classes: classes.length });
  const design = allocate(kernels, order.length * width * 8);
  const targets = allocate(kernels, order.length * 4);
  const probabilities = allocate(kernels, order.length * classes.length * 8);
  encodeDesign({ kernels, scratch, table, order, features, design });
  const codes = new Map(classes.map((name, code) => [name, code]));
  const cells = column(table, spec.target);
  integers(kernels, targets, order.length).set(Array.from(order, (row) => codes.get(cells[row] ?? '') ?? 0));
  const digest = tableDigest(table);
  return {
    kernels, spec, features, classes, width, trainRows, design, targets, probabilities,
    tableDigest: digest,
    binding: runBinding(digest, spec),
    vectors: vectorCount(classes.length),
    testRows: order.length - trainRows,
    droppedRows: table.rows - order.length,
  };
}

/**
 * Rule `hash-rank`: rows with a target are ranked by the splitmix64 key of their table index (ties
 * by index); the first floor(n * testFraction) are test rows. Both parts keep the table's order.
 */
function splitRows(kernels: Kernels, table: Table, spec: TrainSpec): { order: RowOrder; trainRows: number } {
  const targets = column(table, spec.target);
  const kept = Int32Array.from(targets.keys()).filter((row) => !isMissing(targets[row] ?? ''));
  const pointer = allocate(kernels, table.rows * 8);
  kernels.hashRanks(BigInt(spec.split.seed), pointer, 0, table.rows);
  const keys = new BigUint64Array(kernels.memory.buffer, pointer, table.rows);
  const ranked = kept.slice().sort((a, b) => compare(keys[a] ?? 0n, keys[b] ?? 0n) || a - b);
  const testRows = Math.floor(kept.length * spec.split.testFraction);
  const trainRows = kept.length - testRows;
  if (testRows < 1 || trainRows < 2) {
    throw new EngineError('TOO_FEW_ROWS', `${kept.length} rows with a target leave ${trainRows} to train and ${testRows} to test: 2 and 1 are the least, so add rows or change spec.split.testFraction.`);
  }
  const test = ranked.slice(0, testRows).sort();
  const train = ranked.slice(testRows).sort();
  const order = new Int32Array(kept.length);
  order.set(train);
  order.set(test, trainRows);
  return { order, trainRows };
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function readClasses(table: Table, target: string, split: { order: RowOrder; trainRows: number }): string[] {
  const cells = column(table, target);
  const values = Array.from(split.order, (row) => cells[row] ?? '');
  const classes = [...new Set(values.slice(0, split.trainRows))].sort();
  const [only] = classes;
  if (classes.length < 2) {
    throw new EngineError('ONE_CLASS', `Target ${JSON.stringify(target)} is ${JSON.stringify(only)} in every training row: choose a target with at least two classes.`);
  }
  const known = new Set(classes);
  const unseen = values.find((value) => !known.has(value));
  if (unseen !== undefined) {
    throw new EngineError('UNSEEN_CLASS', `Class ${JSON.stringify(unseen)} of target ${JSON.stringify(target)} is only in test rows: change spec.split.seed or testFraction, or merge rare classes.`);
  }
  return classes;
}

/** Bytes of engine memory for a problem: part of the format, since it decides what is refused. */
export function memoryNeeded(shape: { rows: number; trainRows: number; width: number; classes: number }): number {
  const { rows, width, classes } = shape;
  const size = vectorCount(classes) * width;
  const perRow = 8 * width + 8 * classes + 4 + 8;
  return rows * perRow + scratchBytes(rows) + size * size * 8 + size * 8 * 5 + 65_536;
}

function checkMemory(spec: TrainSpec, shape: Parameters<typeof memoryNeeded>[0]): void {
  const needed = memoryNeeded(shape);
  if (needed > spec.limits.maxBytes) throw tooLarge(`problem of ${shape.rows} rows, ${shape.width} encoded columns and ${shape.classes} classes`, needed, spec);
}

function tooLarge(what: string, bytes: number, spec: TrainSpec): EngineError {
  return new EngineError('TOO_LARGE', `The ${what} needs ${bytes} bytes, spec.limits.maxBytes is ${spec.limits.maxBytes}: raise the limit, or use fewer rows, columns or categories.`);
}
