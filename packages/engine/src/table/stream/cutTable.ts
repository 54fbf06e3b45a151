import { EngineError } from '../../errors.ts';
import { csvNames } from '../csv.ts';
import { sniffCsvDialect } from '../csvDialect.ts';
import { type CsvPart, csvParts } from '../csvPieces.ts';
import { jsonParts } from '../jsonParts.ts';
import { plainCsv } from '../plainCsv.ts';
import { type TableFormat, formatOf } from '../readTable.ts';
import type { LaneSetup } from './lane.ts';
import { evenBlocks } from './parts.ts';

const PART_BYTES = 1 << 22;
/** Room for what is left of a row: longer ones are copied together with what follows. */
const AHEAD_BYTES = 1 << 16;

/** A table in parts of whole rows, where it can be read so; else all of its bytes. */
export type CutTable = { format: 'csv' | 'json' | 'ndjson'; parts: AsyncIterable<CsvPart>; setup: LaneSetup } | { format: Exclude<TableFormat, 'csv' | 'json' | 'ndjson'>; all: AsyncGenerator<Uint8Array> };

/** Cuts a table that passes by: CSV, made plain, NDJSON, and JSON lists by their elements. Whoever takes a part may send its memory away. @throws EngineError EMPTY_FILE, NOT_UTF8 */
export async function cutTable(source: AsyncIterable<Uint8Array>): Promise<CutTable> {
  const blocks = evenBlocks(source, PART_BYTES, AHEAD_BYTES);
  const first = await blocks.next();
  if (first.done === true) throw new EngineError('EMPTY_FILE', 'The file is empty: a table needs at least one row.');
  const head = first.value;
  const format = formatOf(head);
  const all = followedBy(head, blocks);
  return format === 'csv' || format === 'json' || format === 'ndjson' ? { format, ...(await cutParts(all, head, format)) } : { format, all };
}

/** Bytes that come in pieces as one array. The pieces are let go of while they are copied. */
export async function joined(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks.splice(0)) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

async function* followedBy(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** Parts in UTF-8, with commas and double quotes. */
async function cutParts(source: AsyncIterable<Uint8Array>, head: Uint8Array, format: 'csv' | 'json' | 'ndjson'): Promise<{ parts: AsyncIterable<CsvPart>; setup: LaneSetup }> {
  const dialect = sniffCsvDialect(head);
  const text = dialect.encoding === 'utf-8' ? source : toUtf8(source, dialect.encoding);
  if (format === 'json') return { parts: jsonParts(text), setup: { format } };
  if (format === 'ndjson') return { parts: csvParts(text, { size: PART_BYTES, quote: '', given: true }), setup: { format } };
  const plain = { ...dialect, encoding: 'utf-8' as const };
  const parts = csvParts(text, { size: PART_BYTES, delimiter: dialect.delimiter, quote: dialect.quote, given: true });
  const first = await parts.next();
  if (first.done === true) throw new EngineError('EMPTY_FILE', 'The file is empty: a table needs a header and at least one row.');
  const opening = { ...first.value, bytes: plainCsv(first.value.bytes, plain) as Uint8Array<ArrayBuffer> };
  async function* rewritten(): AsyncGenerator<CsvPart> {
    yield opening;
    for await (const part of parts) yield { ...part, bytes: plainCsv(part.bytes, plain) as Uint8Array<ArrayBuffer> };
  }
  return { parts: rewritten(), setup: { format, names: csvNames(opening.bytes) } };
}

async function* toUtf8(source: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  try {
    for await (const piece of source) yield encoder.encode(decoder.decode(piece, { stream: true }));
    yield encoder.encode(decoder.decode());
  } catch (cause) {
    throw cause instanceof EngineError ? cause : new EngineError('NOT_UTF8', 'The file begins as UTF-16 and is not valid UTF-16: save it as UTF-8 and try again.', { cause });
  }
}
