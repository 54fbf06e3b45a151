import { readNumber } from './cell.ts';
import { isMissingValue, valueNumber, valueText } from './putValue.ts';

/** The digest of the cell that was given last. Missing cells have none, so that a column that is empty changes nothing. */
export type CellDigest = { low: number; high: number; text(text: string): void; number(value: number): void; /** A text that is no number, by its bytes. False where it is not all in ASCII. */ ascii(bytes: Uint8Array, start: number, end: number): boolean; /** False for a missing value. */ value(value: unknown): boolean };

export function createCellDigest(): CellDigest {
  const double = new Float64Array(1);
  const halves = new Uint32Array(double.buffer);
  const digest: CellDigest = {
    low: 0, high: 0,
    number: (value) => {
      double[0] = value;
      digest.low = finish(mix(mix(0x9e3779b9, halves[0] ?? 0), halves[1] ?? 0));
      digest.high = finish(mix(mix(0x7f4a7c15, halves[1] ?? 0), halves[0] ?? 0));
    },
    text: (text) => {
      const number = readNumber(text);
      if (number !== undefined) return digest.number(number);
      let [low, high] = [0x243f6a88, 0x85a308d3];
      for (let at = 0; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        low = mix(low, code);
        high = mix(high, code ^ 0x5bd1e995);
      }
      digest.low = finish(low);
      digest.high = finish(high);
    },
    ascii: (bytes, start, end) => {
      let low = 0x243f6a88;
      let high = 0x85a308d3 | 0;
      for (let at = start; at < end; at += 1) {
        const code = bytes[at] as number;
        if (code > 127) return false;
        low = stir(low, LOW_WORDS[code] as number);
        high = stir(high, HIGH_WORDS[code] as number);
      }
      digest.low = finish(low);
      digest.high = finish(high);
      return true;
    },
    value: (value) => {
      if (isMissingValue(value)) return false;
      const number = valueNumber(value);
      if (number === undefined) digest.text(valueText(value) ?? '');
      else digest.number(number);
      return true;
    },
  };
  return digest;
}

/** One word into a state. Source: Appleby, MurmurHash3. */
function mix(state: number, word: number): number {
  return stir(state, scramble(word));
}

function scramble(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

function stir(state: number, scrambled: number): number {
  const next = state ^ scrambled;
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

/** Each letter of ASCII, scrambled for either half. */
const LOW_WORDS = Int32Array.from({ length: 128 }, (_, code) => scramble(code));
const HIGH_WORDS = Int32Array.from({ length: 128 }, (_, code) => scramble(code ^ 0x5bd1e995));

function finish(state: number): number {
  let hash = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
