import { Column, type DataType, type Table, columnFromArray, tableFromColumns, tableToIPC } from '@uwdata/flechette';

/** `stored`: what the values are built as, where it is not the type itself: days of a date are 32-bit integers. */
export type ArrowColumn = { name: string; type: DataType; stored?: DataType };

export type ArrowFile = {
  /** Writes one record batch: each column's values, all of the same length, null where there is none. */
  add(values: readonly (readonly unknown[])[]): Promise<void>;
  /** Writes what ends the file; without it there is none. */
  end(): Promise<void>;
};

/** Where a batch lies: from the file's start, all in bytes. */
type Block = { offset: number; metadata: number; body: number };

const MAGIC = new TextEncoder().encode('ARROW1');
const END_BYTES = 8;
const FOOTER_HEAD = 48;
const BLOCK_BYTES = 24;
const METADATA_V5 = 4;

/**
 * An Arrow IPC file that is written batch by batch, so that no more than one is held. The library writes each message; the footer, which says where they all are, is
 * put together here, since the library makes it only of tables that it holds whole.
 * Sources: "Arrow Columnar Format", IPC file format; Arrow's File.fbs, Message.fbs; FlatBuffers, "Internals".
 */
export async function createArrowFile(columns: readonly ArrowColumn[], write: (bytes: Uint8Array) => Promise<void>): Promise<ArrowFile> {
  const schema = messagesOf(tableOf(columns, columns.map(() => [])));
  const blocks: Block[] = [];
  let at = 0;
  const put = async (bytes: Uint8Array): Promise<void> => {
    await write(bytes);
    at += bytes.length;
  };
  await put(Uint8Array.of(...MAGIC, 0, 0));
  await put(schema);
  return {
    async add(values) {
      const batch = messagesOf(tableOf(columns, values)).subarray(schema.length);
      const metadata = 8 + viewOf(batch).getInt32(4, true);
      blocks.push({ offset: at, metadata, body: batch.length - metadata });
      await put(batch);
    },
    async end() {
      const footer = footerOf(schema.subarray(8), blocks);
      const size = new Uint8Array(4);
      viewOf(size).setInt32(0, footer.length, true);
      // The end of the stream, as in a stream: a mark, and a message of no bytes.
      await put(Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0));
      for (const part of [footer, size, MAGIC]) await put(part);
    },
  };
}

function tableOf(columns: readonly ArrowColumn[], values: readonly (readonly unknown[])[]): Table {
  return tableFromColumns(columns.map(({ name, type, stored }, index): [string, Column<unknown>] => {
    const built = columnFromArray([...(values[index] ?? [])], stored ?? type);
    return [name, stored ? new Column([...built.data], type) : built];
  }));
}

/** A table as a stream without its end: the schema's message, and a message for its one batch. */
function messagesOf(table: Table): Uint8Array {
  const bytes = tableToIPC(table, { format: 'stream' });
  if (!bytes) throw new TypeError('the writer gave no bytes');
  return bytes.subarray(0, -END_BYTES);
}

/**
 * A Footer of version, schema, dictionaries (none) and blocks. The schema stays where it is, in the message that holds it, which lies behind the footer's own table:
 * offsets in FlatBuffers lead forward. Everything lies at multiples of its size.
 */
function footerOf(message: Uint8Array, blocks: readonly Block[]): Uint8Array {
  const behind = FOOTER_HEAD + blocks.length * BLOCK_BYTES;
  const bytes = new Uint8Array(behind + message.length);
  const view = viewOf(bytes);
  bytes.set(message, behind);
  const [vtable, table, dictionaries, list] = [4, 16, 36, 44];
  view.setUint32(0, table, true);
  // The vtable: its size, the table's, and where in it each field is.
  for (const [index, value] of [12, 20, 16, 4, 8, 12].entries()) view.setUint16(vtable + index * 2, value, true);
  view.setInt32(table, table - vtable, true);
  view.setUint32(table + 4, behind + headerOf(message) - (table + 4), true);
  view.setUint32(table + 8, dictionaries - (table + 8), true);
  view.setUint32(table + 12, list - (table + 12), true);
  view.setInt16(table + 16, METADATA_V5, true);
  view.setUint32(list, blocks.length, true);
  for (const [index, { offset, metadata, body }] of blocks.entries()) {
    const start = FOOTER_HEAD + index * BLOCK_BYTES;
    view.setBigInt64(start, BigInt(offset), true);
    view.setInt32(start + 8, metadata, true);
    view.setBigInt64(start + 16, BigInt(body), true);
  }
  return bytes;
}

/** Where in a Message its header, here the schema, begins: its third field. */
function headerOf(message: Uint8Array): number {
  const view = viewOf(message);
  const table = view.getUint32(0, true);
  const place = table + view.getUint16(table - view.getInt32(table, true) + 8, true);
  return place + view.getUint32(place, true);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
