/** Rows of a part are looked at closely in such steps that it has this many of them, or a few more. */
const CLOSE_ROWS = 1_024;

/** Every how manieth row of a part is looked at closely, for its commonest texts. */
export function strideOf(rows: number): number {
  return Math.max(1, Math.floor(rows / CLOSE_ROWS));
}

/** Bytes in blocks of one size but for the last, so that a table is cut at the same places however it comes. */
export async function* evenBlocks(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let block = new Uint8Array(size);
  let used = 0;
  for await (const piece of source) {
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + size - used);
      block.set(taken, used);
      used += taken.length;
      at += taken.length;
      if (used < size) continue;
      yield block;
      block = new Uint8Array(size);
      used = 0;
    }
  }
  if (used > 0) yield block.subarray(0, used);
}
