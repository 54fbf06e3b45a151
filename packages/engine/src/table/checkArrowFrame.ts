/**
 * Walks over the frames of Arrow IPC before a reader believes them: messages, schemas, batches and footers are FlatBuffers whose lists say how long they are. A list that goes
 * beyond its bytes, a message that goes back, or fields without end would have the reader fill all memory.
 * Sources: Arrow's Message.fbs, Schema.fbs, File.fbs; FlatBuffers, "Internals".
 *
 * @throws RangeError where a frame cannot be what it says
 */
export function checkArrowFrame(bytes: Uint8Array, format: 'file' | 'stream'): void {
  const budget = { fields: MOST_FIELDS };
  if (format === 'stream') {
    for (let at = 0; at < bytes.length; ) {
      const next = checkMessage(bytes, at, budget);
      if (next === undefined) return;
      at = next;
    }
    return;
  }
  const end = bytes.length - MAGIC_BYTES - 4;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(Math.max(0, end), true);
  if (end < 0 || length <= 0 || length > end) throw new RangeError('a footer outside of the file');
  const footer = bytes.subarray(end - length, end);
  const table = tableAt(viewOf(footer), 0);
  checkSchema(child(table, 6), budget, 0);
  for (const list of [8, 10]) {
    for (const at of entriesOf(table, list, 24)) {
      const offset = Number(table.view.getBigInt64(at, true));
      if (!(offset >= 0 && offset < bytes.length) || checkMessage(bytes, offset, budget) === undefined) throw new RangeError('a block outside of the file');
    }
  }
}

const MAGIC_BYTES = 6;
const MOST_FIELDS = 1 << 20;
const MOST_DEPTH = 64;
/** Of a batch. */
const MOST_VALUES = 1 << 25;
/** Values that a compressed byte may stand for in a dictionary. */
const MOST_PACKED = 1 << 10;
const [SCHEMA, DICTIONARY, BATCH] = [1, 2, 3];
/** A kind of field. */
const UNION = 14;

type Budget = { fields: number };
/** A table of a FlatBuffer: where it begins, and where its list of fields does. */
type Table = { view: DataView; at: number; fields: number; size: number };

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Where the next message begins; undefined at the end of the stream. */
function checkMessage(bytes: Uint8Array, start: number, budget: Budget): number | undefined {
  const view = viewOf(bytes);
  if (start + 4 > bytes.length) return undefined;
  let at = start + 4;
  let length = view.getInt32(start, true);
  if (length === -1) {
    if (at + 4 > bytes.length) return undefined;
    length = view.getInt32(at, true);
    at += 4;
  }
  if (length === 0) return undefined;
  if (length < 0 || at + length > bytes.length) throw new RangeError('a message outside of the file');
  const table = tableAt(viewOf(bytes.subarray(at, at + length)), 0);
  const type = field(table, 6);
  const header = child(table, 8);
  const kind = type === undefined ? 0 : table.view.getUint8(type);
  if (kind === SCHEMA) checkSchema(header, budget, 0);
  const body = field(table, 10);
  const bodyLength = body === undefined ? 0 : Number(table.view.getBigInt64(body, true));
  if (!(bodyLength >= 0 && at + length + bodyLength <= bytes.length)) throw new RangeError('a body outside of the file');
  // A value takes a bit at least; only rows of nothing but nulls take none. Compressed bytes stand for more: then the buffers themselves say how much.
  if (kind === BATCH) checkBatch(header, Math.max(MOST_VALUES, bodyLength * 8));
  const dictionary = kind === DICTIONARY && header ? child(header, 6) : undefined;
  if (dictionary) checkBatch(dictionary, field(dictionary, 10) === undefined ? bodyLength * 8 : Math.min(MOST_VALUES, bodyLength * MOST_PACKED));
  return at + length + bodyLength;
}

function checkSchema(schema: Table | undefined, budget: Budget, depth: number): void {
  if (!schema) return;
  for (const at of entriesOf(schema, 6, 4)) checkField(tableAt(schema.view, at), budget, depth);
  entriesOf(schema, 8, 4);
  entriesOf(schema, 10, 8);
}

function checkField(table: Table, budget: Budget, depth: number): void {
  budget.fields -= 1;
  if (budget.fields < 0 || depth > MOST_DEPTH) throw new RangeError('fields without end');
  const kind = field(table, 8);
  const type = child(table, 10);
  if (type && kind !== undefined && table.view.getUint8(kind) === UNION) entriesOf(type, 6, 4);
  for (const at of entriesOf(table, 14, 4)) checkField(tableAt(table.view, at), budget, depth + 1);
  entriesOf(table, 16, 4);
}

function checkBatch(batch: Table | undefined, mostValues: number): void {
  if (!batch) return;
  for (const at of entriesOf(batch, 6, 16)) {
    const [length, nulls] = [Number(batch.view.getBigInt64(at, true)), Number(batch.view.getBigInt64(at + 8, true))];
    if (!(length >= 0 && length <= mostValues && nulls >= 0 && nulls <= length)) throw new RangeError('more values than there are bytes');
  }
  const buffers = entriesOf(batch, 8, 16).length;
  for (const at of entriesOf(batch, 12, 8)) {
    const count = batch.view.getBigInt64(at, true);
    if (count < 0n || count > BigInt(buffers)) throw new RangeError('more buffers than there are');
  }
}

/** The table to which an offset at this place leads. */
function tableAt(view: DataView, index: number): Table {
  const at = index + view.getInt32(index, true);
  const fields = at - view.getInt32(at, true);
  return { view, at, fields, size: view.getUint16(fields, true) };
}

function field({ view, at, fields, size }: Table, slot: number): number | undefined {
  if (slot >= size) return undefined;
  const offset = view.getUint16(fields + slot, true);
  return offset === 0 ? undefined : at + offset;
}

function child(table: Table, slot: number): Table | undefined {
  const at = field(table, slot);
  return at === undefined ? undefined : tableAt(table.view, at);
}

/** Where a list's entries begin. */
function entriesOf(table: Table, slot: number, stride: number): number[] {
  const at = field(table, slot);
  if (at === undefined) return [];
  const { view } = table;
  const base = at + 4 <= view.byteLength ? at + view.getInt32(at, true) : -1;
  const length = base >= 0 && base + 4 <= view.byteLength ? view.getInt32(base, true) : -1;
  if (length >= 0 && base + 4 + length * stride <= view.byteLength) return Array.from({ length }, (_, index) => base + 4 + index * stride);
  throw new RangeError('a list that goes beyond its bytes');
}
