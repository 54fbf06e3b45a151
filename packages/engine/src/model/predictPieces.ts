import { readCsv } from '../table/readCsv.ts';
import { type Before, csvNames } from '../table/csv.ts';
import { csvPieces } from '../table/csvPieces.ts';
import { formatOf, readTable } from '../table/readTable.ts';
import { parseModel } from './model.ts';
import { type Prediction, createPredictor, predictionOf } from './predict.ts';

/**
 * Applies a model to a table file that comes in pieces, rows in their order. A CSV file of any length takes the memory of
 * a few pieces; a file of another format is read whole.
 *
 * @throws EngineError as `predict`
 */
export async function* predictPieces(parameters: { model: Uint8Array; source: AsyncIterable<Uint8Array> }): AsyncGenerator<Prediction> {
  const model = parseModel(parameters.model);
  const schema = model.features.map(({ name, kind }) => ({ name, kind }));
  const predictor = createPredictor(model);
  const { format, source } = await withFormat(parameters.source);
  if (format !== 'csv') {
    yield predictionOf(model, await readTable(await whole(source), schema), { predictor });
    return;
  }
  let before: Before | undefined;
  for await (const piece of csvPieces(source)) {
    const table = readCsv(piece, schema, before);
    const read = before?.rows ?? 1;
    yield predictionOf(model, table, { predictor, before: read - 1 });
    before = { names: before?.names ?? csvNames(piece), rows: read + table.rows };
  }
  // Without any byte there was no piece to refuse.
  if (before === undefined) readCsv(new Uint8Array(), schema);
}

/** The format that the first bytes show; the source begins anew. */
async function withFormat(source: AsyncIterable<Uint8Array>): Promise<{ format: ReturnType<typeof formatOf>; source: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    first.push(next.value);
    if (next.value.some((byte) => byte > 32)) break;
  }
  const head = first.at(-1) ?? new Uint8Array();
  return { format: formatOf(head), source: resumed(first, iterator) };
}

async function* resumed(first: readonly Uint8Array[], iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

async function whole(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
