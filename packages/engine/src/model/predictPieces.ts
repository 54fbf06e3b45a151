import { readCsv } from '../table/readCsv.ts';
import { type Before, csvNames } from '../table/csv.ts';
import { type CsvDialect, sniffCsvDialect } from '../table/csvDialect.ts';
import { csvPieces } from '../table/csvPieces.ts';
import { plainCsv } from '../table/plainCsv.ts';
import { formatOf, readTable } from '../table/readTable.ts';
import { parseModel } from './model.ts';
import { type Prediction, createPredictor, predictionOf } from './predict.ts';

/**
 * Applies a model to a table file that comes in pieces, rows in their order. A CSV file of any length takes the memory of
 * a few pieces, whatever its delimiter; a file of another format, or in UTF-16, is read whole.
 *
 * @throws EngineError as `predict`
 */
export async function* predictPieces(parameters: { model: Uint8Array; source: AsyncIterable<Uint8Array> }): AsyncGenerator<Prediction> {
  const model = parseModel(parameters.model);
  const schema = model.features.map(({ name, kind }) => ({ name, kind }));
  const predictor = createPredictor(model);
  const { format, dialect, source } = await withFormat(parameters.source);
  if (format !== 'csv' || dialect.encoding !== 'utf-8' || dialect.quote !== '"') {
    yield predictionOf(model, await readTable(await whole(source), schema), { predictor });
    return;
  }
  let before: Before | undefined;
  for await (const cut of csvPieces(source, undefined, dialect.delimiter)) {
    const piece = plainCsv(cut, dialect);
    const table = readCsv(piece, schema, before);
    const read = before?.rows ?? 1;
    yield predictionOf(model, table, { predictor, before: read - 1 });
    before = { names: before?.names ?? csvNames(piece), rows: read + table.rows };
  }
  // Without any byte there was no piece to refuse.
  if (before === undefined) readCsv(new Uint8Array(), schema);
}

const HEAD_BYTES = 1 << 16;

/** The format and dialect that the first bytes show; the source begins anew. */
async function withFormat(source: AsyncIterable<Uint8Array>): Promise<{ format: ReturnType<typeof formatOf>; dialect: CsvDialect; source: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let held = 0;
  while (held < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    held += next.value.length;
  }
  const head = joined(first);
  return { format: formatOf(head), dialect: sniffCsvDialect(head), source: resumed(first, iterator) };
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
  return joined(chunks);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
