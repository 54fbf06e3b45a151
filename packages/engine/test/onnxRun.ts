import * as ort from 'onnxruntime-web';
import { applyModel } from '../src/model/predict.ts';
import { parseModel } from '../src/model/model.ts';
import { predict } from '../src/index.ts';
import { readTable } from '../src/table/readTable.ts';
import { exportOnnx } from '../src/export/onnx/exportOnnx.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

export type Compared = { rows: number; otherLabels: number; furthest: number };

/** Applies a model and its ONNX form, run by onnxruntime, to a table's rows. `furthest`: the largest |difference| / max(1, |score|). */
export async function compareOnnx(model: Uint8Array, csv: Uint8Array): Promise<Compared> {
  const parsed = parseModel(model);
  const session = await ort.InferenceSession.create(exportOnnx(model), { executionProviders: ['wasm'] });
  const table = await readTable(csv, parsed.features.map(({ name, kind }) => ({ name, kind })));
  const feeds = Object.fromEntries(table.columns.map((column) => [column.name, column.kind === 'numeric'
    ? new ort.Tensor('float64', column.values, [table.rows, 1])
    : new ort.Tensor('string', Array.from(column.codes, (code) => (code < 0 ? '' : (column.texts[code] ?? ''))), [table.rows, 1])]));
  const results = await session.run(feeds);
  const [first, second] = session.outputNames;
  const ours = applyModel(parsed, table).values;
  const { labels } = await predict({ model, csv });
  const theirs = results[(parsed.task === 'classification' ? second : first) ?? '']?.data as Float64Array;
  const names = parsed.task === 'classification' ? (results[first ?? '']?.data as unknown as string[]) : labels;
  await session.release();
  if (theirs.length !== ours.length || names.length !== labels.length) throw new Error(`onnxruntime gave ${theirs.length} scores and ${names.length} labels for ${ours.length} and ${labels.length}`);
  return {
    rows: table.rows,
    otherLabels: labels.filter((label, row) => label !== names[row]).length,
    furthest: ours.reduce((most, value, index) => Math.max(most, Math.abs(value - (theirs[index] ?? NaN)) / Math.max(1, Math.abs(value))), 0),
  };
}
