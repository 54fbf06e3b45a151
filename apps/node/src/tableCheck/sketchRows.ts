import { walkRowDigests } from '@neurodata/engine';
import { createCipheriv } from 'node:crypto';

/** The least keyed hashes of a table's different rows, ascending. Fewer than {@link SKETCH_SIZE}: all there are. */
export type Sketch = number[];

export const SKETCH_SIZE = 256;
const ROWS_A_PIECE = 1 << 14;
const BLOCK = 16;

/**
 * Sketches a table's rows under each key: AES-256 of a row's digest as one block, of which 52 bits are kept, and of those the least 256. Without
 * the key a sketch is random numbers, which nobody can compare with rows that are guessed. Source: bottom-k sketches, Cohen and
 * Kaplan, "Summarizing data using bottom-k sketches", PODC 2007.
 *
 * @throws EngineError as the format's reader
 */
export async function sketchRows(table: Uint8Array, keys: readonly Uint8Array[]): Promise<Sketch[]> {
  const sketches = createSketches(keys);
  if (keys.length > 0) await walkRowDigests(table, sketches.take);
  return sketches.finish();
}

/** {@link sketchRows} of rows whose digests come one by one. */
export function createSketches(keys: readonly Uint8Array[]): { take(low: number, high: number): void; finish(): Sketch[] } {
  const sketches = keys.map(createSketch);
  const piece = Buffer.alloc(ROWS_A_PIECE * BLOCK);
  let used = 0;
  const flush = (): void => {
    for (const sketch of sketches) sketch.push(piece.subarray(0, used));
    used = 0;
  };
  return {
    take: (low, high) => {
      piece.writeUInt32LE(low, used);
      piece.writeUInt32LE(high, used + 4);
      used += BLOCK;
      if (used === piece.length) flush();
    },
    finish: () => {
      flush();
      return sketches.map(({ finish }) => finish());
    },
  };
}

function createSketch(key: Uint8Array): { push(blocks: Uint8Array): void; finish(): Sketch } {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const least: number[] = [];
  return {
    push: (blocks) => {
      const hashed = cipher.update(blocks);
      for (let at = 0; at < hashed.length; at += BLOCK) keep(least, hashed.readUInt32LE(at) * 2 ** 20 + (hashed.readUInt32LE(at + 4) >>> 12));
    },
    finish: () => least,
  };
}

/** Puts a number into its place, unless it is there or 256 are smaller. */
function keep(least: number[], hash: number): void {
  if (least.length === SKETCH_SIZE && hash >= (least.at(-1) ?? 0)) return;
  let [low, high] = [0, least.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((least[middle] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  if (least[low] === hash) return;
  least.splice(low, 0, hash);
  least.length = Math.min(least.length, SKETCH_SIZE);
}
