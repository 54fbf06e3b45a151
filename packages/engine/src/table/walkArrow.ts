import type { Batch, Column } from '@uwdata/flechette';
import { EngineError } from '../errors.ts';
import { checkArrowFrame } from './checkArrowFrame.ts';
import { readLz4Frame } from './lz4Frame.ts';
import type { ColumnVisit } from './walkParquet.ts';

/** As of Parquet: a column of nulls takes no bytes, whatever its length. */
const MOST_ROWS = 2 ** 25;

/**
 * Walks over columns of Arrow IPC, one after the other, as `walkParquet` does: a file (`ARROW1`) or a stream. Numbers, texts, truth values, times and dictionaries of
 * them are taken, nested columns are not. Bodies may be compressed by LZ4 or zstd.
 *
 * @throws EngineError EMPTY_FILE, BAD_ARROW, TOO_LARGE, and whatever `begin` and `take` throw
 */
export async function walkArrow(bytes: Uint8Array, begin: (names: string[], rows: number) => ColumnVisit[]): Promise<{ rows: number }> {
  // Loaded only for files that need it.
  const [{ CompressionType, setCompressionCodec, tableFromIPC }, { decompressZstd }] = await Promise.all([import('@uwdata/flechette'), import('hyparquet-compressors')]);
  try {
    // What is read from here to the table happens at once, so that the budget is this file's.
    const bounded = boundDecompression();
    setCompressionCodec(CompressionType.LZ4_FRAME, { decode: bounded(readLz4Frame), encode: writesNothing });
    setCompressionCodec(CompressionType.ZSTD, { decode: bounded((packed, length) => decompressZstd(packed, new Uint8Array(length))), encode: writesNothing });
    checkArrowFrame(bytes, bytes[0] === 65 ? 'file' : 'stream');
    // A copy of its own: numbers lie at multiples of their size, and nothing beyond the file can be read.
    const table = tableFromIPC(new Uint8Array(bytes), { useBigInt: true, useDate: true });
    const rows = table.numRows;
    if (rows === 0) throw new EngineError('EMPTY_FILE', 'The table has no rows: add at least one row.');
    if (!(rows <= MOST_ROWS)) throw new EngineError('TOO_LARGE', `The table says that it has ${rows} rows; at most ${MOST_ROWS} are read: split it into several tables.`);
    for (const { name, take } of begin([...table.names] as string[], rows)) {
      const column = table.getChild(name);
      if (column?.length !== rows) throw badArrow(`column ${JSON.stringify(name)} holds ${column?.length ?? 0} values for ${rows} rows`);
      visit(column, name, take);
    }
    return { rows };
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw badArrow('write it again, with LZ4, zstd or no compression', cause);
  }
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

function visit(column: Column<unknown>, name: string, take: ColumnVisit['take']): void {
  const bits = bitsOf(column.type);
  let row = 0;
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
