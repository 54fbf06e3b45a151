import binaryen from 'binaryen';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuelExport, rewriteModule, stackExport, startExport } from '../src/custom/rewriteModule.ts';
import { EngineError, engineBytes } from '../src/index.ts';

type Exports = Record<string, (...values: number[]) => number> & { [fuelExport]: WebAssembly.Global; memory: WebAssembly.Memory };

/** The module of a text, with every feature that the assembler knows. */
function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  try {
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

function run(text: string, fuel = 1_000_000n): Exports {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(rewriteModule(assemble(text))));
  const exports = instance.exports as unknown as Exports;
  exports[fuelExport].value = fuel;
  return exports;
}

function refusal(text: string): string {
  return refusalOf(assemble(text));
}

function refusalOf(bytes: Uint8Array): string {
  try {
    rewriteModule(bytes);
    return 'accepted';
  } catch (error) {
    if (error instanceof EngineError) return error.message.replace(/: see .*/, '');
    throw error;
  }
}

const factorial = `(module (memory (export "memory") 1) (func $f (export "f") (param f64) (result f64)
  (if (f64.lt (local.get 0) (f64.const 2)) (then (return (f64.const 1))))
  (f64.mul (local.get 0) (call $f (f64.sub (local.get 0) (f64.const 1))))))`;

test('a rewritten module does what it did', () => {
  const exports = run(factorial);
  expect([0, 1, 5, 20].map((n) => exports['f']?.(n))).toEqual([1, 1, 120, 2432902008176640000]);
  expect((exports as unknown as Record<string, WebAssembly.Global>)[stackExport]?.value).toBe(0);
});

test('the engine itself would be refused: it grows its memory and clears it at once', () => {
  expect(refusalOf(engineBytes())).toMatch(/grows its memory|bulk memory/);
});

test('rewriting is the same twice, and what it writes is WebAssembly', () => {
  const bytes = assemble(factorial);
  expect(rewriteModule(bytes)).toEqual(rewriteModule(bytes));
});

test('an endless loop, and endless recursion, end', () => {
  const loop = run('(module (memory (export "memory") 1) (func (export "f") (loop $l (br $l))))', 10_000n);
  expect(() => loop['f']?.()).toThrow(WebAssembly.RuntimeError);
  const recursion = run('(module (memory (export "memory") 1) (func $f (export "f") (call $f)))', 1_000_000_000n);
  expect(() => recursion['f']?.()).toThrow('unreachable');
});

test('a start function waits for its fuel', () => {
  const exports = run('(module (memory (export "memory") 1) (func $s (i32.store (i32.const 0) (i32.const 7))) (start $s))');
  expect(new Int32Array(exports.memory.buffer)[0]).toBe(0);
  exports[startExport]?.();
  expect(new Int32Array(exports.memory.buffer)[0]).toBe(7);
});

test('fuel is spent by what is done', () => {
  const text = '(module (memory (export "memory") 1) (func (export "f") (param i32) (loop $l (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $l (i32.gt_s (local.get 0) (i32.const 0))))))';
  const spent = (times: number): bigint => {
    const exports = run(text);
    exports['f']?.(times);
    return 1_000_000n - BigInt(exports[fuelExport].value as bigint);
  };
  expect(spent(100) - spent(50)).toBe((spent(2) - spent(1)) * 50n);
  expect(spent(2) - spent(1)).toBeGreaterThanOrEqual(8n);
});

test('every NaN has the same bits, of whatever operation and lane', () => {
  const scalar = (body: string): string => `(module (memory (export "memory") 1) (func (export "f") (f64.store (i32.const 0) ${body})))`;
  const bits = (text: string): string => {
    const exports = run(text);
    exports['f']?.();
    return new BigUint64Array(exports.memory.buffer, 0, 2).join();
  };
  const zero = '(f64.const 0)';
  const odd = '(f64.reinterpret_i64 (i64.const 0xfff8000000000123))';
  for (const body of [`(f64.div ${zero} ${zero})`, `(f64.sqrt (f64.const -1))`, `(f64.add ${odd} ${zero})`, `(f64.min ${odd} ${odd})`, `(f64.nearest ${odd})`, `(f64.promote_f32 (f32.div (f32.const 0) (f32.const 0)))`]) {
    expect(bits(scalar(body))).toBe(`${0x7ff8000000000000n},0`);
  }
  // Moves keep the bits that were put in: those are defined.
  expect(bits(scalar(odd))).toBe(`${0xfff8000000000123n},0`);
  const lanes = '(module (memory (export "memory") 1) (func (export "f") (v128.store (i32.const 0) (f64x2.sqrt (f64x2.splat (f64.const -1))))))';
  expect(bits(lanes)).toBe(`${0x7ff8000000000000n},${0x7ff8000000000000n}`);
  expect(bits('(module (memory (export "memory") 1) (func (export "f") (v128.store (i32.const 0) (f64x2.add (v128.const f64x2 1 2) (v128.const f64x2 0.5 nan)))))')).toBe(`${0x3ff8000000000000n},${0x7ff8000000000000n}`);
});

test('ways out of a function all give back its stack', () => {
  const text = `(module (memory (export "memory") 1) (table 1 funcref) (elem (i32.const 0) $leaf) (type $t (func (param i32) (result i32)))
    (func $leaf (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func (export "f") (param i32) (result i32)
      (block $a (block $b (block $c (br_table $a $b $c (local.get 0))) (return (i32.const 10))) (return (call_indirect (type $t) (local.get 0) (i32.const 0))))
      (i32.const 30)))`;
  const exports = run(text);
  expect([0, 1, 2, 9].map((n) => exports['f']?.(n))).toEqual([30, 2, 10, 10]);
  expect((exports as unknown as Record<string, WebAssembly.Global>)[stackExport]?.value).toBe(0);
});

test('what may not be is named', () => {
  const withMemory = (body: string): string => `(module (memory (export "memory") 1) ${body})`;
  expect([
    refusal('(module (import "e" "f" (func)) (memory 1))'),
    refusal('(module)'),
    refusal('(module (memory 1 2 shared))'),
    refusal('(module (memory i64 1))'),
    refusal(withMemory('(func (drop (memory.grow (i32.const 1))))')),
    refusal(withMemory('(func (memory.fill (i32.const 0) (i32.const 0) (i32.const 1)))')),
    refusal(withMemory('(func (param v128) (drop (f64x2.relaxed_madd (local.get 0) (local.get 0) (local.get 0))))')),
    refusal(withMemory('(func (drop (i32.atomic.load (i32.const 0))))')),
    refusal(withMemory('(func (drop (ref.null func)))')),
    refusal(withMemory('(func (param externref))')),
    refusal(withMemory('(func (result i32 i32) (i32.const 1) (i32.const 2))')),
    refusal(withMemory('(tag $e) (func (throw $e))')),
    refusalOf(new Uint8Array()),
    refusalOf(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff)),
    refusalOf(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 3, 1, 0, 1, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f)),
  ]).toMatchInlineSnapshot(`
    [
      "The module imports something: it may reach nothing outside of itself",
      "The module has not one memory of its own",
      "The module has a memory that is shared or has 64-bit addresses",
      "The module has a memory that is shared or has 64-bit addresses",
      "The module grows its memory: the spec says how much it has, and memory.size does not change",
      "The module uses bulk memory or table instructions, whose cost is not known before: compile without them",
      "The module uses relaxed SIMD, whose results differ between machines",
      "The module uses the instruction 0xfe, which not every machine has or does alike",
      "The module uses the instruction 0xd0, which not every machine has or does alike",
      "The module has values that are neither numbers nor vectors",
      "The module has a function with several results",
      "The module has a section of the kind 13",
      "The module does not begin as WebAssembly does",
      "The module holds a number of more than 32 bits where none may stand",
      "The module announces more entries than it holds",
    ]
  `);
});

test('whatever the bytes are, there is an answer: a module that is valid, or a refusal', () => {
  const bytes = assemble(factorial);
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 }), fc.nat({ max: bytes.length }), (changes, length) => {
    const changed = bytes.slice(0, length > bytes.length / 2 ? length : bytes.length);
    for (const [at, value] of changes) if (at < changed.length) changed[at] = value;
    try {
      expect(WebAssembly.validate(rewriteModule(changed))).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(EngineError);
    }
  }), { numRuns: 5_000 });
});
