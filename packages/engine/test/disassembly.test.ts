import binaryen from 'binaryen';
import { expect, test } from 'vitest';
import { engineBytes } from '../src/index.ts';

// Instructions whose results the specification leaves open, or that reach out of the module: relaxed SIMD may fuse or
// not, floats from the host come by imports, and threads, tables of the host and exceptions are not needed at all.
const refused = /relaxed|\bmadd\b|nmadd|atomic|\bcall_ref\b|\bthrow\b|\btry\b|\bref\.|struct\.|array\.new|table\.(get|set|grow)|memory\.atomic/;

/** The module as text, by a disassembler that is not the compiler's own printer of what it was given. */
function disassemble(): string {
  const module = binaryen.readBinary(engineBytes());
  try {
    return module.emitText();
  } finally {
    module.dispose();
  }
}

test('the module is valid without relaxed SIMD, threads or any feature but SIMD, bulk memory and what all engines have', () => {
  const module = binaryen.readBinary(engineBytes());
  const { Features } = binaryen;
  module.setFeatures(Features.SIMD128 | Features.BulkMemory | Features.BulkMemoryOpt | Features.MutableGlobals | Features.SignExt | Features.NontrappingFPToInt | Features.Multivalue | Features.ReferenceTypes);
  expect(module.validate()).toBe(1);
  module.dispose();
});

test('no instruction may give different results on different machines', () => {
  const text = disassemble();
  const names = new Set([...text.matchAll(/\(([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)/g)].map(([, name]) => name ?? ''));
  expect([...names].filter((name) => refused.test(name))).toEqual([]);
  // The reader sees the instructions: a text without them would pass anything.
  for (const known of ['f64.mul', 'f64x2.add', 'i64.xor', 'v128.load']) expect(names).toContain(known);
});

test('nothing comes from outside', () => {
  const text = disassemble();
  expect(text).not.toMatch(/\(import /);
  expect(WebAssembly.Module.imports(new WebAssembly.Module(engineBytes()))).toEqual([]);
});

test('what is refused would be found', () => {
  const module = binaryen.parseText('(module (func (export "f") (param v128 v128 v128) (result v128) (f64x2.relaxed_madd (local.get 0) (local.get 1) (local.get 2))))');
  module.setFeatures(binaryen.Features.All);
  expect(module.emitText()).toMatch(refused);
  module.dispose();
});
