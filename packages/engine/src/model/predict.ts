import type { Predictor, Task } from '../algorithms/algorithm.ts';
import { findAlgorithm } from '../algorithms/index.ts';
import { createKernels } from '../kernels/index.ts';
import { encodeRows } from '../prepare/encodeRows.ts';
import { designWidth } from '../prepare/fittedFeature.ts';
import { readTable } from '../table/readTable.ts';
import type { Table } from '../table/table.ts';
import { type Model, parseModel } from './model.ts';
import { mostLikely } from './mostLikely.ts';

/** What a model says of some rows. */
export type Prediction = {
  task: Task;
  rows: number;
  classes: string[];
  /** Names of the outputs: `p(class)` for each class, `prediction`, `cluster`, or `component 1` and on. */
  columns: string[];
  /** [rows, columns.length], row by row. */
  outputs: Float64Array;
  /** The answer for each row as a text: the most likely class (the first of equals), the number, the cluster; none for a reduction. */
  labels: string[];
};

const ROWS_A_PIECE = 4_096;

/**
 * Applies a model to the rows of a table file, columns found by name; the target is not needed.
 *
 * @throws EngineError BAD_MODEL, MISSING_COLUMN, NOT_FINITE, or as readTable
 */
export async function predict(parameters: { model: Uint8Array; csv: Uint8Array }): Promise<Prediction> {
  const model = parseModel(parameters.model);
  const table = await readTable(parameters.csv, model.features.map(({ name, kind }) => ({ name, kind })));
  return predictionOf(model, table);
}

/** What a model says of a table's rows. `predictor`: the model's, where it is at hand. `before`: rows of the file before the table's. */
export function predictionOf(model: Model, table: Table, given: { predictor?: Predictor; before?: number } = {}): Prediction {
  const { values, width } = applyModel(model, table, given);
  return { task: model.task, rows: table.rows, classes: model.classes, columns: outputNames(model, width), outputs: values, labels: labelsOf(model, values, width) };
}

/** Outputs of all rows, [rows, width]. */
export function applyModel(model: Model, table: Table, { predictor = createPredictor(model), before = 0 }: { predictor?: Predictor; before?: number } = {}): { values: Float64Array; width: number } {
  const { rows } = table;
  const values = new Float64Array(rows * predictor.outputs);
  for (let first = 0; first < rows; first += ROWS_A_PIECE) {
    const order = Int32Array.from({ length: Math.min(rows, first + ROWS_A_PIECE) - first }, (_, index) => first + index);
    values.set(predictor.predict(encodeRows({ table, rows: order, features: model.features, before }), order.length), first * predictor.outputs);
  }
  return { values, width: predictor.outputs };
}

/** A predictor with an engine of its own. */
export function createPredictor(model: Pick<Model, 'algorithm' | 'features' | 'classes' | 'task' | 'parameters' | 'body'>): Predictor {
  const { classes, task, parameters, body } = model;
  return findAlgorithm(model.algorithm).read(body, { width: designWidth(model.features), classes, task, parameters }, createKernels());
}

function outputNames({ task, classes }: Model, width: number): string[] {
  if (task === 'classification') return classes.map((name) => `p(${name})`);
  if (task === 'reduction') return Array.from({ length: width }, (_, index) => `component ${index + 1}`);
  return [task === 'clustering' ? 'cluster' : 'prediction'];
}

function labelsOf({ task, classes }: Model, outputs: Float64Array, width: number): string[] {
  if (task === 'reduction') return [];
  const rows = outputs.length / width;
  return Array.from({ length: rows }, (_, row) => (task === 'classification' ? (classes[mostLikely(outputs, width, row)] ?? '') : String(outputs[row * width] ?? 0)));
}
