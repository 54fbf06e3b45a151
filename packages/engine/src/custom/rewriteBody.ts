import { type ByteReader, badModule, createByteReader } from './byteReader.ts';
import { type ByteWriter, createByteWriter } from './byteWriter.ts';
import { type Instruction, type NanKind, OP, openNan, readInstruction, readValueType } from './instruction.ts';

/** Where the counters are: indices of the globals. */
export type Counters = { fuel: number; stack: number };

/** A function's type: how many parameters, and the type of its result (undefined: none). */
export type Signature = { parameters: number; result: number | undefined };

/** Slots of stack that calls may take together: what every engine has room for, whatever its frames look like. */
const MOST_SLOTS = 65_536;
const MOST_LOCALS = 10_000;
const EMPTY = 0x40;
const SCRATCH = [0x7e, 0x7d, 0x7c, 0x7b] as const;

/**
 * A function's body with its costs counted: fuel at the entry and at the head of each loop, by the instructions that
 * follow; stack slots while it runs; and every NaN made one and the same. The body is wrapped in a block that takes the
 * place of the function's own label, so that each way out passes the end.
 */
export function rewriteBody(bytes: Uint8Array, signature: Signature, counters: Counters): Uint8Array {
  const reader = createByteReader(bytes);
  const locals = readLocals(reader);
  const count = locals.reduce((sum, [number]) => sum + number, 0) + signature.parameters;
  if (count > MOST_LOCALS) throw badModule(`has a function with ${count} locals; ${MOST_LOCALS} are the most`);
  const { instructions, costs } = readInstructions(reader);
  const writer = createByteWriter();
  writer.u32(locals.length + SCRATCH.length);
  for (const [number, type] of [...locals, ...SCRATCH.map((scratch) => [1, scratch] as const)]) {
    writer.u32(number);
    writer.bytes(type);
  }
  const slots = 32 + 2 * (count + SCRATCH.length) + instructions.length;
  enter(writer, { counters, slots, fuel: costs[0] ?? 1, scratch: count });
  writer.bytes(OP.block, signature.result ?? EMPTY);
  writeInstructions({ writer, bytes, instructions, costs, scratch: count, counters });
  leave(writer, counters, slots);
  writer.bytes(OP.end);
  return writer.finish();
}

function readLocals(reader: ByteReader): [count: number, type: number][] {
  const groups = reader.u32();
  if (groups > MOST_LOCALS) throw badModule(`has a function with ${groups} groups of locals; ${MOST_LOCALS} are the most`);
  return Array.from({ length: groups }, () => [reader.u32(), readValueType(reader)] as [number, number]);
}

/** All instructions, the last `end` too; costs[0] is that of the code outside of loops, then one for each loop in order. */
function readInstructions(reader: ByteReader): { instructions: Instruction[]; costs: number[] } {
  const instructions: Instruction[] = [];
  const costs = [1];
  const open: number[] = [0];
  while (open.length > 0) {
    const instruction = readInstruction(reader);
    instructions.push(instruction);
    const region = open.at(-1) ?? 0;
    costs[region] = (costs[region] ?? 0) + 1;
    if (instruction.prefix !== 0) continue;
    if (instruction.opcode === OP.loop) open.push(costs.push(1) - 1);
    else if (instruction.opcode === OP.block || instruction.opcode === OP.if) open.push(region);
    else if (instruction.opcode === OP.end) open.pop();
  }
  if (reader.at !== reader.end) throw badModule('has a function that goes on after its end');
  return { instructions, costs };
}

type Writing = { writer: ByteWriter; bytes: Uint8Array; instructions: Instruction[]; costs: number[]; scratch: number; counters: Counters };

function writeInstructions({ writer, bytes, instructions, costs, scratch, counters }: Writing): void {
  let depth = 0;
  let loops = 0;
  for (const instruction of instructions) {
    const { prefix, opcode, start, end } = instruction;
    if (prefix === 0 && opcode === OP.return) {
      writer.bytes(OP.br);
      writer.u32(depth);
      continue;
    }
    writer.all(bytes.subarray(start, end));
    const kind = openNan(instruction);
    if (kind !== undefined) makeNanOne(writer, kind, scratch);
    if (prefix !== 0) continue;
    if (opcode === OP.loop) {
      loops += 1;
      burn(writer, { fuel: costs[loops] ?? 1, scratch, counters });
    }
    if (opcode === OP.block || opcode === OP.loop || opcode === OP.if) depth += 1;
    else if (opcode === OP.end) depth -= 1;
  }
}

/** fuel -= cost; traps below 0. */
function burn(writer: ByteWriter, { fuel, scratch, counters }: { fuel: number; scratch: number; counters: Counters }): void {
  global(writer, OP.globalGet, counters.fuel);
  writer.bytes(OP.i64Const);
  writer.signed(BigInt(fuel));
  writer.bytes(OP.i64Subtract, OP.localTee);
  writer.u32(scratch);
  global(writer, OP.globalSet, counters.fuel);
  writer.bytes(OP.localGet);
  writer.u32(scratch);
  writer.bytes(OP.i64Const, 0, OP.i64LessSigned, OP.if, EMPTY, OP.unreachable, OP.end);
}

function enter(writer: ByteWriter, { counters, slots, fuel, scratch }: { counters: Counters; slots: number; fuel: number; scratch: number }): void {
  burn(writer, { fuel, scratch, counters });
  move(writer, counters, OP.i32Add, slots);
  global(writer, OP.globalGet, counters.stack);
  writer.bytes(OP.i32Const);
  writer.signed(BigInt(MOST_SLOTS));
  writer.bytes(OP.i32GreaterSigned, OP.if, EMPTY, OP.unreachable, OP.end);
}

function leave(writer: ByteWriter, counters: Counters, slots: number): void {
  move(writer, counters, OP.i32Subtract, slots);
}

function move(writer: ByteWriter, counters: Counters, operation: number, slots: number): void {
  global(writer, OP.globalGet, counters.stack);
  writer.bytes(OP.i32Const);
  writer.signed(BigInt(slots));
  writer.bytes(operation);
  global(writer, OP.globalSet, counters.stack);
}

function global(writer: ByteWriter, opcode: number, index: number): void {
  writer.bytes(opcode);
  writer.u32(index);
}

const NAN: Record<NanKind, number[]> = {
  f32: [OP.f32Const, 0, 0, 0xc0, 0x7f],
  f64: [OP.f64Const, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
  f32x4: [0xfd, 12, ...Array.from({ length: 4 }, () => [0, 0, 0xc0, 0x7f]).flat()],
  f64x2: [0xfd, 12, ...Array.from({ length: 2 }, () => [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]).flat()],
};
/** x == x, lane by lane, and what keeps x where that holds. */
const KEEP: Record<NanKind, number[]> = { f32: [OP.f32Equal, OP.select], f64: [OP.f64Equal, OP.select], f32x4: [0xfd, 0x41, 0xfd, 0x52], f64x2: [0xfd, 0x47, 0xfd, 0x52] };
const PLACE: Record<NanKind, number> = { f32: 1, f64: 2, f32x4: 3, f64x2: 3 };

/** x stays x; a NaN becomes the canonical one. */
function makeNanOne(writer: ByteWriter, kind: NanKind, scratch: number): void {
  const local = scratch + PLACE[kind];
  writer.bytes(OP.localTee);
  writer.u32(local);
  writer.bytes(...NAN[kind]);
  for (let times = 0; times < 2; times += 1) {
    writer.bytes(OP.localGet);
    writer.u32(local);
  }
  writer.bytes(...KEEP[kind]);
}
