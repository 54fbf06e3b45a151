import { StorageError } from './StorageError.ts';

/** Takes pieces of wanted sizes from a stream of pieces of any size. */
export type ByteReader = {
  /** Bytes taken so far. */
  position(): number;
  atEnd(): Promise<boolean>;
  /** Exactly so many bytes; throws where the stream ends before. */
  take(length: number): Promise<Uint8Array>;
  /** Passes over so many bytes without keeping them. */
  skip(length: number): Promise<void>;
  /** An unsigned LEB128 number, as https://github.com/multiformats/unsigned-varint has it. */
  varint(): Promise<number>;
  /** Ends the stream behind it. */
  close(): Promise<void>;
};

/** Of seven bits each: more would be past 2^53. */
const MAX_VARINT_BYTES = 7;

/** @throws StorageError from its methods: `MISMATCH` for a stream that ends too early or a number that is none. */
export function byteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let pending: Uint8Array = new Uint8Array();
  let taken = 0;
  const more = async (): Promise<boolean> => {
    while (pending.length === 0) {
      const next = await iterator.next();
      if (next.done === true) return false;
      pending = next.value;
    }
    return true;
  };
  const some = async (most: number): Promise<Uint8Array> => {
    if (!(await more())) throw new StorageError({ code: 'MISMATCH', message: `It ends after ${taken} bytes, in the middle of something. Get it again, whole.` });
    const piece = pending.subarray(0, most);
    pending = pending.subarray(piece.length);
    taken += piece.length;
    return piece;
  };
  const take = async (length: number): Promise<Uint8Array> => {
    const first = length === 0 ? new Uint8Array() : await some(length);
    if (first.length === length) return first;
    const bytes = new Uint8Array(length);
    bytes.set(first);
    for (let at = first.length; at < length;) {
      const piece = await some(length - at);
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  };
  return {
    position: () => taken,
    atEnd: async () => !(await more()),
    take,
    skip: async (length) => {
      for (let left = length; left > 0;) left -= (await some(left)).length;
    },
    varint: async () => {
      let value = 0;
      for (let index = 0; index < MAX_VARINT_BYTES; index++) {
        const [byte = 0] = await some(1);
        value += (byte & 0x7f) * 2 ** (7 * index);
        if (byte < 0x80) return value;
      }
      throw new StorageError({ code: 'MISMATCH', message: `There is no sound length before byte ${taken}.` });
    },
    close: async () => void (await iterator.return?.()),
  };
}
