/** Files of many batches or row groups, which are one and the same again and again: large to whoever reads them, small to whoever holds them. */
import { type Table as ArrowTable, dictionary, float64, tableFromArrays, tableToIPC, utf8 } from '@uwdata/flechette';
import { parquetMetadata } from 'hyparquet';
import { ByteWriter, parquetWriteBuffer } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { readArrowFrame } from '../src/table/readArrowFrame.ts';
import { type TableFile, tableFileOf } from '../src/table/tableFile.ts';

export type Row = { n: number | null; c: string | null };

export function rowsOf(count: number, seed = 0): Row[] {
  return Array.from({ length: count }, (_, row) => ({ n: row % 7 === 3 ? null : ((row * 37 + seed) % 1_000) / 8, c: row % 11 === 5 ? null : `text ${(row + seed) % 50}` }));
}

export function arrowTable(rows: readonly Row[]): ArrowTable {
  return tableFromArrays({ n: rows.map(({ n }) => n), c: rows.map(({ c }) => c) }, { types: { n: float64(), c: dictionary(utf8()) } });
}

/** Messages of a stream: its schema, dictionaries and batches. */
export async function messagesOf(stream: Uint8Array): Promise<{ schema: Uint8Array; rest: Uint8Array[] }> {
  const { schema, parts } = await readArrowFrame(tableFileOf(stream), 'stream');
  return { schema, rest: parts.map(({ offset, length }) => stream.slice(offset, offset + length)) };
}

export function streamOf(rows: readonly Row[]): Uint8Array {
  return tableToIPC(arrowTable(rows), { format: 'stream' }) ?? new Uint8Array();
}

/** Pieces one after the other, of which each may stand there many times. */
export function fileOf(pieces: readonly Uint8Array[]): TableFile {
  const starts: number[] = [];
  let size = 0;
  for (const piece of pieces) {
    starts.push(size);
    size += piece.length;
  }
  return {
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let index = starts.findLastIndex((start) => start <= offset);
      for (let at = 0; at < bytes.length; index += 1) {
        const piece = (pieces[index] as Uint8Array).subarray(offset + at - (starts[index] as number));
        bytes.set(piece.subarray(0, bytes.length - at), at);
        at += Math.min(piece.length, bytes.length - at);
      }
      return bytes;
    },
  };
}

/** A Parquet file whose row groups are these rows, so many times. */
export function parquetOf(rows: readonly Row[], groups: number): Uint8Array {
  const file = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'n', data: rows.map(({ n }) => n), type: 'DOUBLE' }, { name: 'c', data: rows.map(({ c }) => c), type: 'STRING' }] }));
  const metadata = parquetMetadata(file.buffer as ArrayBuffer);
  const writer = new ByteWriter();
  writer.appendBytes(file.subarray(0, file.length - 8 - metadata.metadata_length));
  const row_groups = Array.from({ length: groups }, () => metadata.row_groups).flat();
  writeMetadata(writer, { ...metadata, row_groups, num_rows: metadata.num_rows * BigInt(groups) });
  // Its length stands behind it, which the function writes.
  writer.appendBytes(new TextEncoder().encode('PAR1'));
  return new Uint8Array(writer.getBuffer());
}
