import { EngineError } from '../errors.ts';

/** Reads a WebAssembly module's bytes from the first to the last; every read is checked against the end. */
export type ByteReader = {
  readonly at: number;
  readonly end: number;
  byte(): number;
  /** LEB128 of at most 32 bits, unsigned. */
  u32(): number;
  /** Skips a signed LEB128 of at most so many bits. */
  skipSigned(bits: 32 | 33 | 64): void;
  skip(count: number): void;
  /** The next bytes as they are. */
  take(count: number): Uint8Array;
  /** A name: its length and UTF-8. */
  name(): string;
};

/** @throws EngineError BAD_MODULE, as all reads do */
export function createByteReader(bytes: Uint8Array, start = 0, end = bytes.length): ByteReader {
  let at = start;
  const need = (count: number): void => {
    if (count > end - at) throw badModule('ends inside of something that it has begun');
  };
  const byte = (): number => {
    need(1);
    at += 1;
    return bytes[at - 1] ?? 0;
  };
  const take = (count: number): Uint8Array => {
    need(count);
    at += count;
    return bytes.subarray(at - count, at);
  };
  const u32 = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const next = byte();
      if (shift === 28 && next > 15) break;
      value += (next & 127) * 2 ** shift;
      if (next < 128) return value;
    }
    throw badModule('holds a number of more than 32 bits where none may stand');
  };
  return {
    get at() {
      return at;
    },
    end, byte, u32, take,
    skip: (count) => {
      take(count);
    },
    skipSigned: (bits) => {
      for (let left = Math.ceil(bits / 7); left > 0; left -= 1) if (byte() < 128) return;
      throw badModule(`holds a number of more than ${bits} bits where none may stand`);
    },
    name: () => {
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(take(u32()));
      } catch (cause) {
        if (cause instanceof EngineError) throw cause;
        throw badModule('has a name that is not UTF-8');
      }
    },
  };
}

/** What the engine says of a module that it does not run. */
export function badModule(problem: string): EngineError {
  return new EngineError('BAD_MODULE', `The module ${problem}: see "Bring your own algorithm" in docs/engine.md for what a module may hold.`);
}
