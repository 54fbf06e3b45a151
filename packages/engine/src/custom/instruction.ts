import { type ByteReader, badModule } from './byteReader.ts';

/** An instruction as it lies in the body: its opcode, its prefix if it has one, and where it begins and ends. */
export type Instruction = { prefix: 0 | 0xfc | 0xfd; opcode: number; start: number; end: number };

// Opcodes: WebAssembly Core Specification 2.0, section 5.4 (https://www.w3.org/TR/wasm-core-2/).
export const OP = {
  unreachable: 0x00, block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, br: 0x0c, return: 0x0f,
  localGet: 0x20, localTee: 0x22, globalGet: 0x23, globalSet: 0x24,
  i32Const: 0x41, i64Const: 0x42, f32Const: 0x43, f64Const: 0x44, select: 0x1b,
  i32GreaterSigned: 0x4a, i64LessSigned: 0x53, f32Equal: 0x5b, f64Equal: 0x61, i32Add: 0x6a, i32Subtract: 0x6b, i64Subtract: 0x7d,
} as const;

const VALUE_TYPES = new Set([0x7f, 0x7e, 0x7d, 0x7c, 0x7b]);

/** Reads one instruction with its immediates. @throws EngineError BAD_MODULE for one that may not be used */
export function readInstruction(reader: ByteReader): Instruction {
  const start = reader.at;
  const opcode = reader.byte();
  if (opcode === 0xfc) return readSaturating(reader, start);
  if (opcode === 0xfd) return readSimd(reader, start);
  skipImmediates(reader, opcode);
  return { prefix: 0, opcode, start, end: reader.at };
}

function skipImmediates(reader: ByteReader, opcode: number): void {
  if (opcode >= 0x28 && opcode <= 0x3e) skipMemory(reader);
  else if (opcode >= 0x45 && opcode <= 0xc4) return;
  else if (opcode >= 0x20 && opcode <= 0x24) reader.u32();
  else if (opcode >= OP.block && opcode <= OP.if) skipBlockType(reader);
  else skipOthers(reader, opcode);
}

function skipOthers(reader: ByteReader, opcode: number): void {
  switch (opcode) {
    case 0x00: case 0x01: case 0x05: case 0x0b: case 0x0f: case 0x1a: case 0x1b: return;
    case 0x0c: case 0x0d: case 0x10: reader.u32(); return;
    case 0x0e: for (let left = reader.u32(); left >= 0; left -= 1) reader.u32(); return;
    case 0x11: reader.u32(); reader.u32(); return;
    case 0x1c: for (let left = reader.u32(); left > 0; left -= 1) readValueType(reader); return;
    case 0x3f: reader.byte(); return;
    case 0x40: throw badModule('grows its memory: the spec says how much it has, and memory.size does not change');
    case 0x41: reader.skipSigned(32); return;
    case 0x42: reader.skipSigned(64); return;
    case 0x43: reader.skip(4); return;
    case 0x44: reader.skip(8); return;
    default: throw badModule(`uses the instruction 0x${opcode.toString(16)}, which not every machine has or does alike`);
  }
}

/** A block has at most one result: more would need types that are not checked here. */
function skipBlockType(reader: ByteReader): void {
  const type = reader.byte();
  if (type !== 0x40 && !VALUE_TYPES.has(type)) throw badModule('has a block with parameters or several results');
}

export function readValueType(reader: ByteReader): number {
  const type = reader.byte();
  if (!VALUE_TYPES.has(type)) throw badModule('has values that are neither numbers nor vectors');
  return type;
}

/** Alignment and offset. */
function skipMemory(reader: ByteReader): void {
  if (reader.u32() > 31) throw badModule('uses more than one memory');
  reader.u32();
}

function readSaturating(reader: ByteReader, start: number): Instruction {
  const opcode = reader.u32();
  if (opcode > 7) throw badModule('uses bulk memory or table instructions, whose cost is not known before: compile without them');
  return { prefix: 0xfc, opcode, start, end: reader.at };
}

function readSimd(reader: ByteReader, start: number): Instruction {
  const opcode = reader.u32();
  if (opcode > 0xff) throw badModule('uses relaxed SIMD, whose results differ between machines');
  if (opcode <= 11 || opcode === 92 || opcode === 93) skipMemory(reader);
  else if (opcode === 12 || opcode === 13) reader.skip(16);
  else if (opcode >= 21 && opcode <= 34) reader.skip(1);
  else if (opcode >= 84 && opcode <= 91) {
    skipMemory(reader);
    reader.skip(1);
  }
  return { prefix: 0xfd, opcode, start, end: reader.at };
}

export type NanKind = 'f32' | 'f64' | 'f32x4' | 'f64x2';

// Operations after which the specification leaves a NaN's sign and payload open (section 4.3.3, "NaN propagation").
const SIMD_F32 = new Set([0x5e, 0x67, 0x68, 0x69, 0x6a, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9]);
const SIMD_F64 = new Set([0x5f, 0x74, 0x75, 0x7a, 0x94, 0xef, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5]);

/** Which kind of NaN an instruction may make with bits that are left open; undefined where its bits are defined. */
export function openNan({ prefix, opcode }: Instruction): NanKind | undefined {
  if (prefix === 0xfd) return SIMD_F32.has(opcode) ? 'f32x4' : SIMD_F64.has(opcode) ? 'f64x2' : undefined;
  if (prefix !== 0) return undefined;
  if ((opcode >= 0x8d && opcode <= 0x97) || opcode === 0xb6) return 'f32';
  return (opcode >= 0x9b && opcode <= 0xa5) || opcode === 0xbb ? 'f64' : undefined;
}
