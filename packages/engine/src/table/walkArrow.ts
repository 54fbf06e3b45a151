import type { Batch, Column, Table } from '@uwdata/flechette';
import { EngineError } from '../errors.ts';
import { readLz4Frame } from './lz4Frame.ts';
import { type ArrowPart, readArrowFrame } from './readArrowFrame.ts';
import { type TableFile, tableFileOf } from './tableFile.ts';
import type { BeginColumns, ColumnVisit, EndBatch } from './walkParquet.ts';

/** As of Parquet: a column of nulls takes no bytes, whatever its length. */
const MOST_ROWS = 2 ** 25;

/** Messages that are opened together: each time the dictionaries are read anew. */
const GROUP_BYTES = 2 ** 22;

/**
 * Walks over columns of Arrow IPC as `walkParquet` does, a few batches at a time: a file (`ARROW1`) or a stream. Besides them the dictionaries are in memory. Numbers, texts, truth values, times and
 * dictionaries of them are taken, nested columns are not. Bodies may be compressed by LZ4 or zstd.
 *
 * @throws EngineError EMPTY_FILE, BAD_ARROW, TOO_LARGE, and whatever `begin`, `take` and `endBatch` throw
 */
export async function walkArrow(source: Uint8Array | TableFile, begin: BeginColumns, endBatch?: EndBatch): Promise<{ rows: number }> {
  const file = tableFileOf(source);
  const open = await createOpener();
  try {
    const [first] = await file.read(0, 1);
    const { schema, parts } = await readArrowFrame(file, first === 65 ? 'file' : 'stream');
    const names = [...open([schema]).names] as string[];
    const rows = names.length === 0 ? 0 : parts.reduce((sum, part) => sum + part.rows, 0);
    if (rows === 0) throw new EngineError('EMPTY_FILE', 'The table has no rows: add at least one row.');
    if (!(rows <= MOST_ROWS)) throw new EngineError('TOO_LARGE', `The table says that it has ${rows} rows; at most ${MOST_ROWS} are read: split it into several tables.`);
    const columns = begin(names, rows);
    let done = 0;
    for await (const { messages, rows: count } of groupsOf(file, parts)) {
      const table = open([schema, ...messages]);
      for (const { name, take } of columns) {
        const column = table.getChild(name);
        if (column?.length !== count) throw badArrow(`column ${JSON.stringify(name)} holds ${column?.length ?? 0} values for ${count} rows`);
        visit(column, name, done, take);
      }
      done += count;
      if ((await endBatch?.(done)) === false) break;
    }
    return { rows };
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw badArrow('write it again, with LZ4, zstd or no compression', cause);
  }
}

/** Reads a stream's messages. Decompressors are the library's for all at once: they are this file's for as long as a stream is read, which happens at once. */
async function createOpener(): Promise<(messages: Uint8Array[]) => Table> {
  // Loaded only for files that need it.
  const [{ CompressionType, setCompressionCodec, tableFromIPC }, { decompressZstd }] = await Promise.all([import('@uwdata/flechette'), import('hyparquet-compressors')]);
  const bounded = boundDecompression();
  const lz4 = { decode: bounded(readLz4Frame), encode: writesNothing };
  const zstd = { decode: bounded((packed, length) => decompressZstd(packed, new Uint8Array(length))), encode: writesNothing };
  return (messages) => {
    setCompressionCodec(CompressionType.LZ4_FRAME, lz4);
    setCompressionCodec(CompressionType.ZSTD, zstd);
    return tableFromIPC(messages, { useBigInt: true, useDate: true });
  };
}

type Group = { messages: Uint8Array[]; rows: number };

/** Batches in groups of some size, each with the dictionaries that stand before it. */
async function* groupsOf(file: TableFile, parts: readonly ArrowPart[]): AsyncGenerator<Group> {
  const dictionaries = new Map<bigint, Uint8Array[]>();
  let messages: Uint8Array[] = [];
  let [bytes, rows, known] = [0, 0, 0];
  for (const [index, part] of parts.entries()) {
    const message = await readAligned(file, part);
    messages.push(message);
    bytes += part.length;
    rows += part.rows;
    const { dictionary } = part;
    const held = dictionary?.isDelta ? dictionaries.get(dictionary.id) : undefined;
    if (held) held.push(message);
    else if (dictionary) dictionaries.set(dictionary.id, [message]);
    if (index + 1 < parts.length && bytes < Math.max(GROUP_BYTES, known)) continue;
    yield { messages, rows };
    messages = [...dictionaries.values()].flat();
    known = messages.reduce((sum, { length }) => sum + length, 0);
    [bytes, rows] = [0, 0];
  }
}

/** A copy of its own, so that nothing beyond the message can be read, at a place as even as in the file: numbers lie at multiples of their size. */
async function readAligned(file: TableFile, { offset, length }: ArrowPart): Promise<Uint8Array> {
  const bytes = new Uint8Array((offset % 8) + length).subarray(offset % 8);
  bytes.set(await file.read(offset, length));
  return bytes;
}

/** As of Parquet: a buffer says itself how long it becomes. */
const MOST_BUFFER_BYTES = 2 ** 28;
const MOST_FILE_BYTES = 2 ** 32;

type Decompress = (packed: Uint8Array, length: number) => Uint8Array;

function boundDecompression(): (decompress: Decompress) => Decompress {
  let total = 0;
  return (decompress) => (packed, length) => {
    total += length;
    if (!(length >= 0 && length <= MOST_BUFFER_BYTES && total <= MOST_FILE_BYTES)) throw new EngineError('TOO_LARGE', `A column of the file says that ${packed.length} bytes become ${length}: write it again, in smaller batches.`);
    const bytes = decompress(packed, length);
    if (bytes.length !== length) throw badArrow('a column is not as long as it says');
    return bytes;
  };
}

function writesNothing(): never {
  throw new TypeError('Arrow is read here, not written');
}

function visit(column: Column<unknown>, name: string, start: number, take: ColumnVisit['take']): void {
  const bits = bitsOf(column.type);
  let row = start;
  for (const batch of column.data) {
    if (!isWhole(batch, bits)) throw badArrow(`column ${JSON.stringify(name)} has fewer bytes than its rows need`);
    for (let at = 0; at < batch.length; at += 1) {
      const value = batch.at(at);
      if (value === undefined) throw badArrow(`column ${JSON.stringify(name)} has no value in row ${row + 1}`);
      take(row, value);
      row += 1;
    }
  }
}

const [BOOL, DECIMAL] = [6, 7];

/** Bits of a value where they are not those of the array's numbers: truth values lie eight in a byte, decimals in several words. */
function bitsOf(type: { typeId: number }): number | undefined {
  if (type.typeId === BOOL) return 1;
  return type.typeId === DECIMAL && 'bitWidth' in type ? Number(type.bitWidth) : undefined;
}

/** Whether a batch's buffers are as long as its length says: what lies behind them would read as nothing, or as zero. */
function isWhole(batch: Batch<unknown>, bits: number | undefined): boolean {
  const { length, nullCount, validity, values, offsets } = lookInto(batch);
  if (nullCount > length || (nullCount > 0 && validity && validity.length * 8 < length)) return false;
  if (offsets) return offsets.length > length && Number(offsets[0]) >= 0 && Number(offsets[length]) <= (values?.length ?? Infinity) && isAscending(offsets, length);
  if (!values) return true;
  return bits === undefined ? values.length >= length : values.byteLength * 8 >= length * bits;
}

function isAscending(offsets: ArrayLike<number | bigint>, length: number): boolean {
  for (let at = 0; at < length; at += 1) if ((offsets[at] as number) > (offsets[at + 1] as number)) return false;
  return true;
}

type Parts = { length: number; nullCount: number; validity?: Uint8Array | undefined; values?: { length: number; byteLength: number } | undefined; offsets?: ArrayLike<number | bigint> | undefined };

/** Batches of dates wrap those that hold the numbers. */
function lookInto(batch: Batch<unknown>): Parts {
  const { source } = batch as unknown as { source?: Batch<unknown> };
  return (source ?? batch) as unknown as Parts;
}

function badArrow(problem: string, cause?: unknown): EngineError {
  return new EngineError('BAD_ARROW', `The file is not Arrow IPC that can be read: ${problem}.`, cause === undefined ? undefined : { cause });
}
