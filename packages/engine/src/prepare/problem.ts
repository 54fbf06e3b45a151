import { findAlgorithm } from '../algorithms/index.ts';
import type { Problem, Shape } from '../algorithms/algorithm.ts';
import { EngineError } from '../errors.ts';
import type { Digest } from '../hash.ts';
import type { Kernels } from '../kernels/index.ts';
import { runBinding } from '../run/checkpoint.ts';
import type { ParameterValues } from '../spec/parameters.ts';
import { checkTrainSpec } from '../spec/trainSpec.ts';
import type { TrainSpec } from '../spec/types.ts';
import { readTable } from '../table/readTable.ts';
import { type Schema, type Table, numbersOf, textsOf } from '../table/table.ts';
import { tableDigest } from '../table/tableDigest.ts';
import { sharedDoubles, sharedIntegers } from '../table/sharedNumbers.ts';
import { createSource } from './designSource.ts';
import { encodeRows } from './encodeRows.ts';
import { type RowOrder, fitFeature } from './fitFeature.ts';
import { designWidth } from './fittedFeature.ts';
import { type Split, splitRows } from './splitRows.ts';

/** A problem with what names it. */
export type Prepared = { problem: Problem; tableDigest: Digest; binding: Uint8Array; droppedRows: number; table: Table; order: RowOrder };

/** What a spec reads of a file: target, weight, features. */
export function schemaOf(spec: Pick<TrainSpec, 'target' | 'weight' | 'features' | 'task'>): Schema {
  return [
    ...(spec.target === null ? [] : [{ name: spec.target, kind: spec.task === 'classification' ? ('categorical' as const) : ('numeric' as const) }]),
    ...(spec.weight === null ? [] : [{ name: spec.weight, kind: 'numeric' as const }]),
    ...spec.features,
  ];
}

/** Reads, splits, and fits the features on the train rows. What a function gives is freed once it is read. */
export async function prepare(parameters: { kernels: Kernels; csv: Uint8Array | (() => Uint8Array); spec: unknown }): Promise<Prepared> {
  const { kernels, csv } = parameters;
  const spec = checkTrainSpec(parameters.spec);
  const table = typeof csv === 'function' ? await readAndFree(csv(), spec) : await read(csv, spec);
  const kept = keptRows(table, spec);
  const split = splitRows({ kernels, rows: table.rows, kept, split: spec.split });
  const digest = tableDigest(table);
  return { problem: createProblem({ table, spec, split }), tableDigest: digest, binding: runBinding(digest, spec), droppedRows: table.rows - kept.length, table, order: joined(split) };
}

function read(csv: Uint8Array, spec: TrainSpec): Promise<Table> {
  if (csv.length > spec.limits.maxBytes) throw tooLarge('file', csv.length, spec);
  return readTable(csv, schemaOf(spec));
}

/** Not left to the garbage collector, which comes after the rows have been encoded beside it. */
async function readAndFree(csv: Uint8Array, spec: TrainSpec): Promise<Table> {
  const { buffer, byteLength } = csv;
  const table = await read(csv, spec);
  // Small files lie in a buffer that others use.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && 'transfer' in buffer) buffer.transfer(0);
  return table;
}

/** The same table with other parameters and another split. */
export function prepareSplit(prepared: Prepared, parameters: ParameterValues, split: Split): Prepared {
  const { table, problem } = prepared;
  return { ...prepared, problem: createProblem({ table, spec: { ...problem.spec, parameters }, split }), order: joined(split) };
}

/** The problem of a table's rows as they are split. */
export function createProblem({ table, spec, split }: { table: Table; spec: TrainSpec; split: Split }): Problem {
  const algorithm = findAlgorithm(spec.algorithm);
  const order = joined(split);
  const { classes, targets } = readTargets({ table, spec, order, trainRows: split.train.length });
  const features = spec.features.map((feature) => fitFeature({ table, rows: split.train, spec: feature, preprocess: spec.preprocess }));
  const width = designWidth(features);
  if (width === 0) throw new EngineError('BAD_SPEC', 'No feature has a value in any training row: choose other columns as spec.features.');
  const shape: Shape = { rows: order.length, trainRows: split.train.length, width, classes: classes.length, parameters: spec.parameters, task: spec.task };
  const needed = algorithm.memory(shape);
  if (needed > spec.limits.maxBytes) throw tooLarge(`problem of ${shape.rows} rows, ${width} encoded columns and ${classes.length} classes`, needed, spec);
  return {
    algorithm, spec, features, classes, width, targets,
    source: createSource({ table, features, order, targets }),
    parameters: spec.parameters,
    encodeAt: (places) => encodeRows({ table, rows: places.map((place) => order[place] ?? 0), features }),
    trainRows: split.train.length,
    testRows: split.test.length,
    weights: spec.weight === null ? null : readWeights(numbersOf(table, spec.weight), order, spec.weight),
    encode: (first, last, into) => encodeRows({ table, rows: order.subarray(first, last), features, into }),
  };
}

function joined({ train, test }: Split): RowOrder {
  const order = sharedIntegers(train.length + test.length);
  order.set(train);
  order.set(test, train.length);
  return order;
}

/** Rows with a target, in the table's order. */
function keptRows(table: Table, spec: TrainSpec): RowOrder {
  const all = Int32Array.from({ length: table.rows }, (_, row) => row);
  if (spec.target === null) return all;
  if (spec.task === 'classification') {
    const { codes } = textsOf(table, spec.target);
    return all.filter((row) => (codes[row] ?? -1) >= 0);
  }
  const values = numbersOf(table, spec.target);
  return all.filter((row) => !Number.isNaN(values[row]));
}

function readTargets(parameters: { table: Table; spec: TrainSpec; order: RowOrder; trainRows: number }): { classes: string[]; targets: Float64Array } {
  const { table, spec, order, trainRows } = parameters;
  if (spec.target === null) return { classes: [], targets: new Float64Array() };
  if (spec.task === 'regression') {
    const values = numbersOf(table, spec.target);
    return { classes: [], targets: atPositions(order, (row) => values[row] ?? 0) };
  }
  const { codes, texts } = textsOf(table, spec.target);
  const trained = new Set(order.subarray(0, trainRows).map((row) => codes[row] ?? -1));
  const classes = [...trained].map((code) => texts[code] ?? '').sort();
  if (classes.length < 2) {
    throw new EngineError('ONE_CLASS', `Target ${JSON.stringify(spec.target)} is ${JSON.stringify(classes[0])} in every training row: choose a target with at least two classes.`);
  }
  const places = new Map(classes.map((name, index) => [name, index]));
  const placeOf = texts.map((text) => places.get(text));
  return {
    classes,
    targets: atPositions(order, (row) => {
      const place = placeOf[codes[row] ?? -1];
      if (place !== undefined) return place;
      throw new EngineError('UNSEEN_CLASS', `Class ${JSON.stringify(texts[codes[row] ?? -1])} of target ${JSON.stringify(spec.target)} is only in test rows: change spec.split.seed or testFraction, or merge rare classes.`);
    }),
  };
}

function atPositions(order: RowOrder, valueOf: (row: number) => number): Float64Array {
  const values = sharedDoubles(order.length);
  for (const [position, row] of order.entries()) values[position] = valueOf(row);
  return values;
}

function readWeights(values: Float64Array, order: RowOrder, name: string): Float64Array {
  return Float64Array.from(order, (row) => {
    const value = values[row] ?? NaN;
    if (value >= 0) return value;
    throw new EngineError('BAD_NUMBER', `Weight column ${JSON.stringify(name)} has no weight of at least 0 in row ${row + 2} (the header is row 1): correct it.`);
  });
}

function tooLarge(what: string, bytes: number, spec: TrainSpec): EngineError {
  return new EngineError('TOO_LARGE', `The ${what} needs ${bytes} bytes, spec.limits.maxBytes is ${spec.limits.maxBytes}: raise the limit, or use fewer rows, columns or categories.`);
}
