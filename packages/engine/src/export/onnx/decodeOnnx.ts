import { type Field, type OnnxModel, onnxSchema } from './onnxSchema.ts';

/** Wire types. Source: protobuf.dev, "Encoding". */
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];
const wireTypes: Readonly<Record<string, number>> = { int32: VARINT, int64: VARINT, float: FIXED32 };

/** Deeper than any model, and far above what the stack takes. */
const MOST_DEPTH = 1_000;

type Message = Record<string, unknown>;

/**
 * An ONNX file as {@link OnnxModel}, without generating code, which a page's policy forbids. Unknown fields are passed over,
 * and a message that comes twice is merged, as onnxruntime's reader does: what is seen here is what runs there.
 *
 * @throws Error for bytes that are no protocol buffer
 */
export function decodeOnnx(bytes: Uint8Array): OnnxModel {
  const model = emptyMessage('Model');
  readMessage({ bytes, at: 0, end: bytes.length, depth: 0 }, 'Model', model);
  return model as OnnxModel;
}

type Reader = { bytes: Uint8Array; at: number; end: number; depth: number };

const fieldsOf = new Map(Object.entries(onnxSchema).map(([name, fields]) => [name, new Map(Object.entries(fields).map(([key, field]) => [field.id, { key, field }]))]));

/** Lists are there from the start. */
function emptyMessage(name: string): Message {
  return Object.fromEntries([...(fieldsOf.get(name)?.values() ?? [])].filter(({ field }) => field.rule === 'repeated').map(({ key }) => [key, []]));
}

function readMessage(reader: Reader, name: string, message: Message): void {
  if (reader.depth > MOST_DEPTH) throw new Error('The messages are nested too deep');
  const known = fieldsOf.get(name);
  while (reader.at < reader.end) {
    const tag = readNumber(reader);
    const wire = tag % 8;
    const found = known?.get(Math.floor(tag / 8));
    if (found === undefined) skip(reader, wire);
    else readField(reader, wire, found, message);
  }
}

function readField(reader: Reader, wire: number, { key, field }: { key: string; field: Field }, message: Message): void {
  const { type, rule } = field;
  const wanted = wireTypes[type] ?? BYTES;
  const list = rule === 'repeated' ? (message[key] as unknown[]) : undefined;
  if (wire === wanted) {
    const value = readValue(reader, type, list === undefined ? message[key] : undefined);
    if (list === undefined) message[key] = value;
    else list.push(value);
  } else if (list !== undefined && wire === BYTES) {
    // Numbers may come packed.
    const inside = enter(reader);
    while (inside.at < inside.end) list.push(readValue(inside, type, undefined));
  } else {
    // Of another type than the format's: unknown.
    skip(reader, wire);
  }
}

/** `before`: a message that came already. */
function readValue(reader: Reader, type: string, before: unknown): unknown {
  if (type === 'int64') return Number(readInteger(reader));
  if (type === 'int32') return Number(BigInt.asIntN(32, BigInt(readInteger(reader))));
  if (type === 'float') return take(reader, 4).getFloat32(0, true);
  const inside = enter(reader);
  if (type === 'bytes') return inside.bytes.subarray(inside.at, inside.end);
  if (type === 'string') return new TextDecoder().decode(inside.bytes.subarray(inside.at, inside.end));
  const message = (before as Message | undefined) ?? emptyMessage(type);
  readMessage(inside, type, message);
  return message;
}

/** The bytes of a field, as a reader of their own. */
function enter(reader: Reader): Reader {
  const length = readNumber(reader);
  const { bytes, at, end, depth } = reader;
  if (!(length <= end - at)) throw new Error('A field is longer than what holds it');
  reader.at += length;
  return { bytes, at, end: at + length, depth: depth + 1 };
}

function take(reader: Reader, length: number): DataView {
  const { bytes, at, end } = reader;
  if (length > end - at) throw new Error('The bytes end inside a field');
  reader.at += length;
  return new DataView(bytes.buffer, bytes.byteOffset + at, length);
}

function skip(reader: Reader, wire: number): void {
  if (wire === VARINT) readInteger(reader);
  else if (wire === FIXED64) take(reader, 8);
  else if (wire === BYTES) enter(reader);
  else if (wire === FIXED32) take(reader, 4);
  else throw new Error(`There is no wire type ${wire} in ONNX`);
}

function readByte(reader: Reader): number {
  if (reader.at >= reader.end) throw new Error('The bytes end inside a field');
  const byte = reader.bytes[reader.at] ?? 0;
  reader.at += 1;
  return byte;
}

/** A tag or a length. */
function readNumber(reader: Reader): number {
  const value = Number(readInteger(reader));
  if (value < 0) throw new Error('A length is negative');
  return value;
}

/** A varint of at most ten bytes, 64 bits in two's complement. */
function readInteger(reader: Reader): number | bigint {
  let value = 0;
  for (let shift = 0; shift < 49; shift += 7) {
    const byte = readByte(reader);
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
  let long = BigInt(value);
  for (let shift = 49n; shift < 70n; shift += 7n) {
    const byte = readByte(reader);
    long |= BigInt(byte & 127) << shift;
    if (byte < 128) return BigInt.asIntN(64, long);
  }
  throw new Error('A number has more than ten bytes');
}
