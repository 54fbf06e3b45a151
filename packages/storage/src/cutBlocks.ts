/** Pieces of this many bytes are worth freeing; smaller ones may lie in memory that others share. */
const LEAST_FREED = 4096;

export type BlockCutter = {
  /** Blocks of one size but for the last, an empty one of nothing. Each stays as it is until its memory is given back. */
  cut(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>>;
  /** What is no block of this cutter is left alone. */
  giveBack(bytes: Uint8Array): void;
};

/**
 * Cuts pieces into blocks of `size` bytes whose memory is used again: what is allocated outside of a collector's heap makes it collect the whole heap every few megabytes. `given`: the
 * pieces' memory is freed as soon as they are copied.
 */
export function createBlockCutter(size: number, { given = false }: { given?: boolean } = {}): BlockCutter {
  const lent = new Set<ArrayBufferLike>();
  const spare: ArrayBuffer[] = [];
  const lend = (): Uint8Array<ArrayBuffer> => {
    const buffer = spare.pop() ?? new ArrayBuffer(size);
    lent.add(buffer);
    return new Uint8Array(buffer);
  };
  return {
    async *cut(source) {
      let block = lend();
      let [used, blocks] = [0, 0];
      for await (const piece of source) {
        for (let at = 0; at < piece.length; ) {
          const taken = piece.subarray(at, at + size - used);
          block.set(taken, used);
          used += taken.length;
          at += taken.length;
          if (used < size) continue;
          yield block;
          blocks += 1;
          block = lend();
          used = 0;
        }
        if (given) free(piece);
      }
      if (used > 0 || blocks === 0) yield block.subarray(0, used);
    },
    giveBack: ({ buffer }) => {
      if (lent.delete(buffer) && buffer instanceof ArrayBuffer) spare.push(buffer);
    },
  };
}

function free({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength && byteLength >= LEAST_FREED) buffer.transfer?.(0);
}
