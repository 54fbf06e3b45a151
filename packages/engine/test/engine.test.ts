import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileAssembly, moduleSource } from '../../../scripts/assembly.ts';
import { engineModule } from '../build.ts';
import { sha256Hex } from '../src/hash.ts';
import { engineBytes, engineId } from '../src/index.ts';
import { createKernels } from '../src/kernels/index.ts';
import { exp, log } from '../reference/math.ts';
import { hashRank } from '../reference/split.ts';
import { engineVectors } from './engineVectors.ts';

test('the module imports nothing', () => {
  expect(WebAssembly.Module.imports(new WebAssembly.Module(engineBytes()))).toEqual([]);
});

test('the engine id is the digest of the module', () => {
  expect(engineId).toBe(sha256Hex(engineBytes()));
});

test('compiling the sources again gives the committed module', async () => {
  const module = await compileAssembly(engineModule);
  expect(sha256Hex(module)).toBe(engineId);
  expect(readFileSync(new URL('../src/generated/engineModule.ts', import.meta.url), 'utf8')).toBe(moduleSource(engineModule, module));
});

test('the golden vectors hold', async () => {
  expect(await engineVectors()).toEqual(JSON.parse(readFileSync(new URL('../../../vectors/engine.json', import.meta.url), 'utf8')));
});

test('exp is the twin\'s to the bit, and within one unit in the last place of the host\'s', () => {
  const kernels = createKernels();
  for (let x = -750; x <= 709; x += 0.0371) {
    const value = kernels.exp(x);
    expect(Object.is(value, exp(x))).toBe(true);
    expect(Math.abs(value - Math.exp(x))).toBeLessThanOrEqual(Math.max(Number.MIN_VALUE, Math.exp(x) * 2 ** -52));
  }
  expect([kernels.exp(0), kernels.exp(-0), kernels.exp(-Infinity)]).toEqual([1, 1, 0]);
});

test('log is the twin\'s to the bit, and within one unit in the last place of the host\'s', () => {
  const kernels = createKernels();
  for (let x = 2.3e-308; x < 1e308; x *= 1.0613) {
    const value = kernels.log(x);
    expect(Object.is(value, log(x))).toBe(true);
    expect(Math.abs(value - Math.log(x))).toBeLessThanOrEqual(Math.abs(Math.log(x)) * 2 ** -52);
  }
  expect(kernels.log(1)).toBe(0);
});

test.each([NaN, 710, Infinity])('exp refuses %s', (x) => {
  expect(() => createKernels().exp(x)).toThrow(WebAssembly.RuntimeError);
  expect(() => exp(x)).toThrow(RangeError);
});

test.each([NaN, 0, -1, Infinity])('log refuses %s', (x) => {
  expect(() => createKernels().log(x)).toThrow(WebAssembly.RuntimeError);
  expect(() => log(x)).toThrow(RangeError);
});

test('hash ranks are splitmix64', () => {
  const kernels = createKernels();
  const pointer = kernels.allocate(8 * 5);
  kernels.hashRanks(1234567n, pointer, 0, 5);
  const ranks = [...new BigUint64Array(kernels.memory.buffer, pointer, 5)];
  // The first outputs for this seed as Rosetta Code's "Pseudo-random numbers/Splitmix64" lists them.
  expect(ranks).toEqual([6457827717110365317n, 3203168211198807973n, 9817491932198370423n, 4593380528125082431n, 16408922859458223821n]);
  expect(ranks).toEqual([0, 1, 2, 3, 4].map((row) => hashRank(1234567, row)));
});
