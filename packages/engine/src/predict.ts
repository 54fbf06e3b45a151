import { parseCsv } from './csv.ts';
import { createScratch, encodeDesign } from './design.ts';
import { EngineError } from './errors.ts';
import { designWidth, vectorCount } from './fittedFeature.ts';
import { allocate, createKernels, doubles, rowsPerCall } from './kernels.ts';
import { parseModel } from './model.ts';

/** probabilities[row][class], in the order of `classes`; labels[row] is the most likely class. */
export type Prediction = { labels: string[]; probabilities: number[][]; classes: string[] };

/**
 * Applies a model to the rows of a CSV table, columns found by name; the target is not needed.
 *
 * @throws EngineError BAD_MODEL, MISSING_COLUMN, NOT_FINITE, or as parseCsv
 */
export function predict(parameters: { model: Uint8Array; csv: Uint8Array }): Prediction {
  const { features, classes, weights } = parseModel(parameters.model);
  const table = parseCsv(parameters.csv);
  const kernels = createKernels();
  const width = designWidth(features);
  const vectors = vectorCount(classes.length);
  const { rows } = table;
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  const scratch = createScratch(kernels, rows);
  const design = allocate(kernels, rows * width * 8);
  const pointer = allocate(kernels, weights.length * 8);
  const probabilities = allocate(kernels, rows * classes.length * 8);
  const loss = allocate(kernels, 8);
  encodeDesign({ kernels, scratch, table, order, features, design });
  doubles(kernels, pointer, weights.length).set(weights);
  const stride = rowsPerCall(vectors * width * 4);
  for (let first = 0; first < rows; first += stride) {
    const bad = kernels.softmaxRows(design, width, 0, pointer, vectors, classes.length, probabilities, loss, first, Math.min(rows, first + stride));
    if (bad >= 0) throw new EngineError('NOT_FINITE', `Row ${bad + 2} (the header is row 1) is too far from the training rows to be scored: correct it.`);
  }
  const all = doubles(kernels, probabilities, rows * classes.length);
  return {
    labels: Array.from(order, (row) => classes[kernels.mostLikely(probabilities, classes.length, row)] ?? ''),
    probabilities: Array.from(order, (row) => [...all.subarray(row * classes.length, (row + 1) * classes.length)]),
    classes,
  };
}
