import { type ByteReader, badModule, createByteReader } from './byteReader.ts';
import { type ByteWriter, createByteWriter } from './byteWriter.ts';
import { readValueType } from './instruction.ts';
import { type Counters, type Signature, rewriteBody } from './rewriteBody.ts';

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = { custom: 0, type: 1, import: 2, function: 3, table: 4, memory: 5, global: 6, export: 7, start: 8, element: 9, code: 10, data: 11, dataCount: 12 } as const;
/** The order in which sections stand; the one that is missing is written in its place. */
const ORDER = [SECTION.type, SECTION.function, SECTION.table, SECTION.memory, SECTION.global, SECTION.export, SECTION.element, SECTION.code, SECTION.data];

/** Names that the rewritten module exports: the two counters, and the start function if there is one, which is called when there is fuel. */
export const fuelExport = 'neurodata.fuel';
export const stackExport = 'neurodata.stack';
export const startExport = 'neurodata.start';

/**
 * Makes a module run alike on every machine: no imports, nothing done before it is called, no growing memory, none of the instructions
 * whose results are left open, every NaN the same, and its work and stack counted in two globals. Same bytes in, same
 * bytes out.
 *
 * @throws EngineError BAD_MODULE saying what may not be
 */
export function rewriteModule(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections = readSections(bytes);
  const globals = countOf(sections.get(SECTION.global));
  const counters: Counters = { fuel: globals, stack: globals + 1 };
  const types = readTypes(sections.get(SECTION.type));
  const functions = readFunctions(sections.get(SECTION.function), types);
  checkMemory(sections.get(SECTION.memory));
  sections.set(SECTION.global, withGlobals(sections.get(SECTION.global)));
  sections.set(SECTION.export, withExports(sections.get(SECTION.export), [
    [fuelExport, GLOBAL, counters.fuel], [stackExport, GLOBAL, counters.stack], ...startOf(sections.get(SECTION.start)),
  ]));
  sections.set(SECTION.code, rewriteCode(sections.get(SECTION.code), functions, counters));
  const writer = createByteWriter();
  writer.bytes(...MAGIC);
  for (const id of ORDER) {
    const content = sections.get(id);
    if (content !== undefined) writeSection(writer, id, content);
  }
  const module = Uint8Array.from(writer.finish());
  // What was not looked at here, the types of operands above all, is looked at there.
  if (!WebAssembly.validate(module)) throw badModule('is not valid WebAssembly');
  return module;
}

function readSections(bytes: Uint8Array): Map<number, Uint8Array> {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) throw badModule('does not begin as WebAssembly does');
  const reader = createByteReader(bytes, MAGIC.length);
  const sections = new Map<number, Uint8Array>();
  while (reader.at < reader.end) {
    const id = reader.byte();
    const content = reader.take(reader.u32());
    if (id === SECTION.custom || id === SECTION.dataCount) continue;
    if (id === SECTION.import) throw badModule('imports something: it may reach nothing outside of itself');
    if (id !== SECTION.start && !ORDER.includes(id as (typeof ORDER)[number])) throw badModule(`has a section of the kind ${id}`);
    if (sections.has(id)) throw badModule('has a section twice');
    sections.set(id, content);
  }
  return sections;
}

function countOf(content: Uint8Array | undefined): number {
  return content === undefined ? 0 : createByteReader(content).u32();
}

function readTypes(content: Uint8Array | undefined): Signature[] {
  if (content === undefined) return [];
  const reader = createByteReader(content);
  return readList(reader, () => {
    if (reader.byte() !== 0x60) throw badModule('has types other than functions of numbers');
    const parameters = readList(reader, () => readValueType(reader));
    const results = readList(reader, () => readValueType(reader));
    if (results.length > 1) throw badModule('has a function with several results');
    return { parameters: parameters.length, result: results[0] };
  });
}

function readFunctions(content: Uint8Array | undefined, types: Signature[]): Signature[] {
  if (content === undefined) return [];
  const reader = createByteReader(content);
  return readList(reader, () => {
    const signature = types[reader.u32()];
    if (signature === undefined) throw badModule('has a function without a type');
    return signature;
  });
}

/** One memory of its own, with 32-bit addresses, not shared. */
function checkMemory(content: Uint8Array | undefined): void {
  if (content === undefined || createByteReader(content).u32() !== 1) throw badModule('has not one memory of its own');
  const reader = createByteReader(content);
  reader.u32();
  if (reader.byte() > 1) throw badModule('has a memory that is shared or has 64-bit addresses');
}

/** The globals, and the two counters after them: mutable, i64 and i32, from 0. */
function withGlobals(content: Uint8Array | undefined): Uint8Array {
  const { count, rest } = split(content);
  const writer = createByteWriter();
  writer.u32(count + 2);
  writer.all(rest);
  writer.bytes(0x7e, 1, 0x42, 0, 0x0b, 0x7f, 1, 0x41, 0, 0x0b);
  return writer.finish();
}

type Export = readonly [name: string, kind: number, index: number];
const FUNCTION = 0;
const GLOBAL = 3;

function startOf(content: Uint8Array | undefined): Export[] {
  return content === undefined ? [] : [[startExport, FUNCTION, createByteReader(content).u32()]];
}

function withExports(content: Uint8Array | undefined, added: readonly Export[]): Uint8Array {
  const { count, rest } = split(content);
  const writer = createByteWriter();
  writer.u32(count + added.length);
  writer.all(rest);
  for (const [name, kind, index] of added) {
    const text = new TextEncoder().encode(name);
    writer.u32(text.length);
    writer.all(text);
    writer.bytes(kind);
    writer.u32(index);
  }
  return writer.finish();
}

function split(content: Uint8Array | undefined): { count: number; rest: Uint8Array } {
  if (content === undefined) return { count: 0, rest: new Uint8Array() };
  const reader = createByteReader(content);
  const count = reader.u32();
  return { count, rest: content.subarray(reader.at) };
}

function rewriteCode(content: Uint8Array | undefined, functions: Signature[], counters: Counters): Uint8Array {
  if (countOf(content) !== functions.length) throw badModule('has not one body for each function');
  const writer = createByteWriter();
  writer.u32(functions.length);
  if (content === undefined) return writer.finish();
  const reader = createByteReader(content);
  reader.u32();
  for (const signature of functions) {
    const body = rewriteBody(reader.take(reader.u32()), signature, counters);
    writer.u32(body.length);
    writer.all(body);
  }
  if (reader.at !== reader.end) throw badModule('has more code than functions');
  return writer.finish();
}

/** A list with its length before it. Every entry takes at least a byte, so a length that lies costs no memory. */
function readList<T>(reader: ByteReader, entry: () => T): T[] {
  const count = reader.u32();
  if (count > reader.end - reader.at) throw badModule('announces more entries than it holds');
  const list: T[] = [];
  for (let index = 0; index < count; index += 1) list.push(entry());
  return list;
}

function writeSection(writer: ByteWriter, id: number, content: Uint8Array): void {
  writer.bytes(id);
  writer.u32(content.length);
  writer.all(content);
}
