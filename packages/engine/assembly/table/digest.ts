/** Digests of cells, as `src/table/cellDigest.ts` makes them. Source: Appleby, MurmurHash3. */
import { QUOTE } from './bytes';

/** Each letter of ASCII, scrambled for either half. */
const WORDS: usize = memory.data(128 * 8, 16);

/** The digest that was made last. */
export let low: u32 = 0;
export let high: u32 = 0;

export function scrambleLetters(): void {
  for (let code: u32 = 0; code < 128; code += 1) {
    store<u32>(WORDS + (code << 3), scramble(code));
    store<u32>(WORDS + (code << 3), scramble(code ^ 0x5bd1e995), 4);
  }
}

// @ts-ignore: decorator
@inline
function scramble(word: u32): u32 {
  return rotl<u32>(word * 0xcc9e2d51, 15) * 0x1b873593;
}

// @ts-ignore: decorator
@inline
function stir(state: u32, scrambled: u32): u32 {
  const next = rotl<u32>(state ^ scrambled, 13);
  return next + (next << 2) + 0xe6546b64;
}

// @ts-ignore: decorator
@inline
function finish(state: u32): u32 {
  let hash = (state ^ (state >> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
  return hash ^ (hash >> 16);
}

export function digestNumber(value: f64): void {
  const bits = reinterpret<u64>(value);
  const first = u32(bits);
  const second = u32(bits >> 32);
  low = finish(stir(stir(0x9e3779b9, scramble(first)), scramble(second)));
  high = finish(stir(stir(0x7f4a7c15, scramble(second)), scramble(first)));
}

/** Of valid UTF-8 that is no number: by the units of UTF-16 that it stands for. `doubled`: whether quotes are. */
export function digestText(start: usize, end: usize, doubled: bool): void {
  let a: u32 = 0x243f6a88;
  let b: u32 = 0x85a308d3;
  let at = start;
  // Four letters of ASCII at a time, as far as there are no others.
  while (!doubled && at + 4 <= end) {
    const four = load<u32>(at);
    if (four & 0x80808080) break;
    const first = load<u64>(WORDS + ((four & 0xff) << 3));
    const second = load<u64>(WORDS + (((four >> 8) & 0xff) << 3));
    const third = load<u64>(WORDS + (((four >> 16) & 0xff) << 3));
    const fourth = load<u64>(WORDS + ((four >> 24) << 3));
    a = stir(stir(stir(stir(a, u32(first)), u32(second)), u32(third)), u32(fourth));
    b = stir(stir(stir(stir(b, u32(first >> 32)), u32(second >> 32)), u32(third >> 32)), u32(fourth >> 32));
    at += 4;
  }
  while (at < end) {
    const code = u32(load<u8>(at));
    if (code < 128) {
      const word = WORDS + (code << 3);
      a = stir(a, load<u32>(word));
      b = stir(b, load<u32>(word, 4));
      at += doubled && code == QUOTE ? 2 : 1;
      continue;
    }
    let unit: u32;
    if (code < 0xe0) {
      unit = ((code & 0x1f) << 6) | (u32(load<u8>(at, 1)) & 0x3f);
      at += 2;
    } else if (code < 0xf0) {
      unit = ((code & 0x0f) << 12) | ((u32(load<u8>(at, 1)) & 0x3f) << 6) | (u32(load<u8>(at, 2)) & 0x3f);
      at += 3;
    } else {
      const point = (((code & 0x07) << 18) | ((u32(load<u8>(at, 1)) & 0x3f) << 12) | ((u32(load<u8>(at, 2)) & 0x3f) << 6) | (u32(load<u8>(at, 3)) & 0x3f)) - 0x10000;
      at += 4;
      const lead = 0xd800 | (point >> 10);
      a = stir(a, scramble(lead));
      b = stir(b, scramble(lead ^ 0x5bd1e995));
      unit = 0xdc00 | (point & 0x3ff);
    }
    a = stir(a, scramble(unit));
    b = stir(b, scramble(unit ^ 0x5bd1e995));
  }
  low = finish(a);
  high = finish(b);
}
