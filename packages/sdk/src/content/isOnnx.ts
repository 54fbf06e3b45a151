import type { ContentSource } from './content.ts';

const [VARINT, FIXED64, LENGTH, FIXED32] = [0, 1, 2, 5];
/** Of `ModelProto`: ir_version, graph. Source: onnx.proto. */
const [IR_VERSION, GRAPH, LAST_FIELD] = [1, 7, 26];
const MOST_FIELDS = 10_000;

/** Whether a file is a protobuf message that has what an ONNX model has: its fields are walked over to the file's end, none is read. */
export async function isOnnx(source: ContentSource): Promise<boolean> {
  const seen = new Set<number>();
  let at = 0;
  for (let fields = 0; at < source.size && fields < MOST_FIELDS; fields += 1) {
    const field = readField(await source.read(at, 20));
    if (!field || field.number < 1 || field.number > LAST_FIELD || (field.number === IR_VERSION && field.type !== VARINT) || (field.number === GRAPH && field.type !== LENGTH)) return false;
    seen.add(field.number);
    at += field.length;
  }
  return at === source.size && seen.has(IR_VERSION) && seen.has(GRAPH);
}

/** A field's number, and how long it is with its tag. */
function readField(bytes: Uint8Array): { number: number; type: number; length: number } | undefined {
  const tag = readVarint(bytes, 0);
  if (!tag) return undefined;
  const [number, type] = [Math.floor(tag.value / 8), tag.value % 8];
  if (type === FIXED64 || type === FIXED32) return { number, type, length: tag.end + (type === FIXED64 ? 8 : 4) };
  const value = readVarint(bytes, tag.end);
  if (!value || (type !== VARINT && type !== LENGTH)) return undefined;
  return { number, type, length: value.end + (type === LENGTH ? value.value : 0) };
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = start; at < bytes.length && at < start + 10; at += 1) {
    const byte = bytes[at] as number;
    value += (byte & 127) * 2 ** (7 * (at - start));
    if (byte < 128) return Number.isSafeInteger(value) ? { value, end: at + 1 } : undefined;
  }
  return undefined;
}
