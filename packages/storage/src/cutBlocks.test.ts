import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBlockCutter } from './cutBlocks.ts';

const pattern = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, index) => index * 31 + (index >> 8));

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let [at, turn] = [0, 0]; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

test('blocks are the content in order, whatever the pieces, also in memory that is used again', async () => {
  await fc.assert(fc.asyncProperty(fc.nat(2_000), fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 4 }), fc.boolean(), async (length, sizes, given) => {
    const bytes = pattern(length);
    const cutter = createBlockCutter(256, { given });
    const blocks: Uint8Array[] = [];
    const memory = new Set<ArrayBufferLike>();
    for await (const block of cutter.cut(pieces(bytes, sizes))) {
      memory.add(block.buffer);
      blocks.push(block.slice());
      cutter.giveBack(block);
    }
    expect(blocks.map((block) => block.length)).toEqual(length === 0 ? [0] : Array.from({ length: Math.ceil(length / 256) }, (_, index) => Math.min(256, length - index * 256)));
    expect(Buffer.compare(Buffer.concat(blocks), bytes)).toBe(0);
    expect(memory.size).toBeLessThanOrEqual(2);
  }), { numRuns: 100 });
});

test('a block that was not given back stays as it is', async () => {
  const bytes = pattern(5_000);
  const kept: Uint8Array[] = [];
  for await (const block of createBlockCutter(256).cut(pieces(bytes, [700]))) kept.push(block);
  expect(Buffer.compare(Buffer.concat(kept), bytes)).toBe(0);
});

test('pieces that are given away are freed, those that share their memory are left', async () => {
  const own = pattern(5_000);
  const shared = pattern(6_000).subarray(0, 5_000);
  const source = async function* (): AsyncGenerator<Uint8Array> { yield own; yield shared; };
  for await (const block of createBlockCutter(1_024, { given: true }).cut(source())) expect(block.length).toBeGreaterThan(0);
  expect([own.length, shared.length]).toEqual([0, 5_000]);
});
