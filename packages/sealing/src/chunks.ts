/** A piece of a stream; only the last may be shorter than asked for, and only a whole empty stream gives an empty one. */
export type Chunk = { bytes: Uint8Array; last: boolean };

/**
 * Cuts a stream of pieces of any size into chunks of `size` bytes. Holds at most one chunk back, because the
 * last must be known as the last. The chunk's bytes are valid only until the next one is asked for. A piece must not be
 * overwritten until the second one after it is asked for.
 */
export async function* cutChunks(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Chunk> {
  const held = new Uint8Array(size);
  let length = 0;
  /** A chunk that came whole, and may be the last. */
  let whole: Uint8Array | undefined;
  for await (const piece of source) {
    if (piece.length === 0) continue;
    if (whole) {
      yield { bytes: whole, last: false };
      whole = undefined;
    }
    let offset = 0;
    while (length + (piece.length - offset) > size) {
      const taken = size - length;
      const direct = length === 0;
      if (!direct) held.set(piece.subarray(offset, offset + taken), length);
      yield { bytes: direct ? piece.subarray(offset, offset + size) : held, last: false };
      offset += taken;
      length = 0;
    }
    if (length === 0 && piece.length - offset === size) whole = piece.subarray(offset);
    else {
      held.set(piece.subarray(offset), length);
      length += piece.length - offset;
    }
  }
  yield { bytes: whole ?? held.subarray(0, length), last: true };
}
