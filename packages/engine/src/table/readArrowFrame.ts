import type { TableFile } from './tableFile.ts';

/** Where a message lies, its body with it. `id`, `isDelta`: of a dictionary. */
export type ArrowPart = { offset: number; length: number; rows: number; dictionary?: { id: bigint; isDelta: boolean } };
/** A table's messages in the order in which they count. `schema` is a message in memory. */
export type ArrowFrame = { schema: Uint8Array; parts: ArrowPart[] };

/**
 * Walks over the frames of Arrow IPC before a reader believes them, and says where they lie: messages, schemas, batches and footers are FlatBuffers whose lists say how long they are. A list that goes
 * beyond its bytes, a message that goes back, or fields without end would have the reader fill all memory. Bodies are not read.
 * Sources: Arrow's Message.fbs, Schema.fbs, File.fbs; FlatBuffers, "Internals".
 *
 * @throws RangeError where a frame cannot be what it says
 */
export async function readArrowFrame(file: TableFile, format: 'file' | 'stream'): Promise<ArrowFrame> {
  const budget = { fields: MOST_FIELDS };
  return format === 'stream' ? readStream(file, budget) : readFooter(file, budget);
}

async function readStream(file: TableFile, budget: Budget): Promise<ArrowFrame> {
  const parts: ArrowPart[] = [];
  // Without one there are no columns.
  let schema: Uint8Array | undefined;
  for (let at = 0; at < file.size; ) {
    const message = await readMessage(file, at, budget);
    if (message === undefined) break;
    at = message.offset + message.length;
    // Those that repeat it say nothing new.
    if (message.kind === SCHEMA) schema ??= new Uint8Array(await file.read(message.offset, message.length));
    else if (message.kind !== 0) parts.push(message);
  }
  return { schema: schema ?? new Uint8Array(), parts };
}

async function readFooter(file: TableFile, budget: Budget): Promise<ArrowFrame> {
  const end = file.size - MAGIC_BYTES - 4;
  const length = end < 0 ? 0 : viewOf(await file.read(end, 4)).getInt32(0, true);
  if (length <= 0 || length > end) throw new RangeError('a footer outside of the file');
  const footer = await file.read(end - length, length);
  const table = tableAt(viewOf(footer), 0);
  const schema = child(table, 6);
  if (schema === undefined) throw new RangeError('no schema');
  checkSchema(schema, budget, 0);
  const [dictionaries, batches] = [await readBlocks(file, table, 8, budget), await readBlocks(file, table, 10, budget)];
  if (dictionaries.some(({ kind }) => kind !== DICTIONARY) || batches.some(({ kind }) => kind !== BATCH)) throw new RangeError('a block that is something else');
  return { schema: schemaMessage(footer, table, schema), parts: inOrder(dictionaries, batches) };
}

async function readBlocks(file: TableFile, table: Table, list: number, budget: Budget): Promise<Message[]> {
  const blocks: Message[] = [];
  for (const at of entriesOf(table, list, 24)) {
    const offset = Number(table.view.getBigInt64(at, true));
    const message = offset >= 0 && offset < file.size ? await readMessage(file, offset, budget) : undefined;
    if (message === undefined) throw new RangeError('a block outside of the file');
    blocks.push(message);
  }
  return blocks;
}

/** Before each batch as many dictionaries as lie before it in the file; the rest behind all. */
function inOrder(dictionaries: readonly Message[], batches: readonly Message[]): Message[] {
  const parts: Message[] = [];
  const before = dictionaries.map(({ offset }) => offset).sort((a, b) => a - b);
  let given = 0;
  for (const batch of batches) {
    while (given < dictionaries.length && (before[given] as number) < batch.offset) {
      parts.push(dictionaries[given] as Message);
      given += 1;
    }
    parts.push(batch);
  }
  return [...parts, ...dictionaries.slice(given)];
}

/** A footer's schema as the message that begins a stream: a message's table before the footer's bytes, whose offsets are relative. */
function schemaMessage(footer: Uint8Array, table: Table, schema: Table): Uint8Array {
  const version = field(table, 4);
  const bytes = new Uint8Array(8 + HEAD_BYTES + footer.length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, -1, true);
  view.setInt32(4, HEAD_BYTES + footer.length, true);
  const head = new DataView(bytes.buffer, 8);
  head.setInt32(0, 16, true);
  // Lengths of list and table, then where the fields lie: version, kind, header; no body.
  for (const [index, entry] of [12, 12, 4, 6, 8, 0].entries()) head.setUint16(4 + index * 2, entry, true);
  head.setInt32(16, 12, true);
  head.setInt16(20, version === undefined ? 0 : table.view.getInt16(version, true), true);
  head.setUint8(22, SCHEMA);
  head.setInt32(24, HEAD_BYTES + schema.at - 24, true);
  bytes.set(footer, 8 + HEAD_BYTES);
  return bytes;
}

const HEAD_BYTES = 32;
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

type Message = ArrowPart & { kind: number };

/** The message that begins here; undefined at the end of the stream. */
async function readMessage(file: TableFile, start: number, budget: Budget): Promise<Message | undefined> {
  if (start + 4 > file.size) return undefined;
  const view = viewOf(await file.read(start, Math.min(8, file.size - start)));
  let at = start + 4;
  let length = view.getInt32(0, true);
  if (length === -1) {
    if (at + 4 > file.size) return undefined;
    length = view.getInt32(4, true);
    at += 4;
  }
  if (length === 0) return undefined;
  if (length < 0 || at + length > file.size) throw new RangeError('a message outside of the file');
  const table = tableAt(viewOf(await file.read(at, length)), 0);
  const type = field(table, 6);
  const header = child(table, 8);
  const kind = type === undefined || header === undefined ? 0 : table.view.getUint8(type);
  if (![0, SCHEMA, DICTIONARY, BATCH].includes(kind)) throw new RangeError('a message of another kind');
  if (kind === SCHEMA) checkSchema(header, budget, 0);
  const body = field(table, 10);
  const bodyLength = body === undefined ? 0 : Number(table.view.getBigInt64(body, true));
  if (!(bodyLength >= 0 && at + length + bodyLength <= file.size)) throw new RangeError('a body outside of the file');
  const message = { offset: start, length: at - start + length + bodyLength, kind };
  // A value takes a bit at least; only rows of nothing but nulls take none. Compressed bytes stand for more: then the buffers themselves say how much.
  if (kind === BATCH && header) return { ...message, rows: checkBatch(header, Math.max(MOST_VALUES, bodyLength * 8)) };
  if (kind !== DICTIONARY || !header) return { ...message, rows: 0 };
  const dictionary = child(header, 6);
  if (dictionary) checkBatch(dictionary, field(dictionary, 10) === undefined ? bodyLength * 8 : Math.min(MOST_VALUES, bodyLength * MOST_PACKED));
  const [id, isDelta] = [field(header, 4), field(header, 8)];
  return { ...message, rows: 0, dictionary: { id: id === undefined ? 0n : header.view.getBigInt64(id, true), isDelta: isDelta !== undefined && header.view.getUint8(isDelta) !== 0 } };
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

/** How many rows it says that it has. */
function checkBatch(batch: Table, mostValues: number): number {
  for (const at of entriesOf(batch, 6, 16)) {
    const [length, nulls] = [Number(batch.view.getBigInt64(at, true)), Number(batch.view.getBigInt64(at + 8, true))];
    if (!(length >= 0 && length <= mostValues && nulls >= 0 && nulls <= length)) throw new RangeError('more values than there are bytes');
  }
  const buffers = entriesOf(batch, 8, 16).length;
  for (const at of entriesOf(batch, 12, 8)) {
    const count = batch.view.getBigInt64(at, true);
    if (count < 0n || count > BigInt(buffers)) throw new RangeError('more buffers than there are');
  }
  const rows = field(batch, 4);
  const count = rows === undefined ? 0 : Number(batch.view.getBigInt64(rows, true));
  if (!(count >= 0 && count <= mostValues)) throw new RangeError('more rows than there are bytes');
  return count;
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
