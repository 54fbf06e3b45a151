/** Rows of a part are looked at closely in such steps that it has this many of them, or a few more. */
const CLOSE_ROWS = 1_024;

/** Every how manieth row of a part is looked at closely, for its commonest texts. */
export function strideOf(rows: number): number {
  return Math.max(1, Math.floor(rows / CLOSE_ROWS));
}

/** Bytes in blocks of one size but for the last, so that a table is cut at the same places however it comes. `ahead`: room in front of each, in the same memory, for what was left of the block before. */
export async function* evenBlocks(source: AsyncIterable<Uint8Array>, size: number, ahead = 0): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const create = (): Uint8Array<ArrayBuffer> => new Uint8Array(new ArrayBuffer(ahead + size), ahead);
  let block = create();
  let used = 0;
  for await (const piece of source) {
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + size - used);
      block.set(taken, used);
      used += taken.length;
      at += taken.length;
      if (used < size) continue;
      yield block;
      block = create();
      used = 0;
    }
  }
  if (used > 0) yield block.subarray(0, used);
}
