/** ChaCha20 (RFC 8439, section 2.4), four blocks at a time: vector i holds word i of each of them. */
import { KEY, NONCE } from './layout';

export const FOUR_BLOCKS: usize = 256;

// @ts-ignore: decorator
@inline
function splat(word: u32): v128 {
  return i32x4.splat(word);
}

// @ts-ignore: decorator
@inline
function turn(word: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(word, bits), i32x4.shr_u(word, 32 - bits));
}

// @ts-ignore: decorator
@inline
function turn16(word: v128): v128 {
  return i8x16.shuffle(word, word, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
}

// @ts-ignore: decorator
@inline
function turn8(word: v128): v128 {
  return i8x16.shuffle(word, word, 3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14);
}

// @ts-ignore: decorator
@inline
function mix(at: usize, words: v128): void {
  v128.store(at, v128.xor(v128.load(at), words));
}

/** Four words of four blocks, each block's beside one another, into what stands at `to`. */
// @ts-ignore: decorator
@inline
function put(to: usize, offset: usize, a: v128, b: v128, c: v128, d: v128): void {
  const low = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const low2 = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const high = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const high2 = i32x4.shuffle(c, d, 2, 6, 3, 7);
  mix(to + offset, i64x2.shuffle(low, low2, 0, 2));
  mix(to + offset + 64, i64x2.shuffle(low, low2, 1, 3));
  mix(to + offset + 128, i64x2.shuffle(high, high2, 0, 2));
  mix(to + offset + 192, i64x2.shuffle(high, high2, 1, 3));
}

/** Mixes the key stream's blocks from `counter` on into the 256 bytes at `to`. */
export function mixFour(counter: u32, to: usize): void {
  const s0 = splat(0x61707865);
  const s1 = splat(0x3320646e);
  const s2 = splat(0x79622d32);
  const s3 = splat(0x6b206574);
  const s4 = v128.load_splat<u32>(KEY, 0);
  const s5 = v128.load_splat<u32>(KEY, 4);
  const s6 = v128.load_splat<u32>(KEY, 8);
  const s7 = v128.load_splat<u32>(KEY, 12);
  const s8 = v128.load_splat<u32>(KEY, 16);
  const s9 = v128.load_splat<u32>(KEY, 20);
  const s10 = v128.load_splat<u32>(KEY, 24);
  const s11 = v128.load_splat<u32>(KEY, 28);
  const s12 = i32x4.add(splat(counter), i32x4(0, 1, 2, 3));
  const s13 = v128.load_splat<u32>(NONCE, 0);
  const s14 = v128.load_splat<u32>(NONCE, 4);
  const s15 = v128.load_splat<u32>(NONCE, 8);
  let x0 = s0, x1 = s1, x2 = s2, x3 = s3, x4 = s4, x5 = s5, x6 = s6, x7 = s7;
  let x8 = s8, x9 = s9, x10 = s10, x11 = s11, x12 = s12, x13 = s13, x14 = s14, x15 = s15;
  for (let round = 0; round < 10; round += 1) {
    x0 = i32x4.add(x0, x4); x12 = turn16(v128.xor(x12, x0)); x8 = i32x4.add(x8, x12); x4 = turn(v128.xor(x4, x8), 12);
    x0 = i32x4.add(x0, x4); x12 = turn8(v128.xor(x12, x0)); x8 = i32x4.add(x8, x12); x4 = turn(v128.xor(x4, x8), 7);
    x1 = i32x4.add(x1, x5); x13 = turn16(v128.xor(x13, x1)); x9 = i32x4.add(x9, x13); x5 = turn(v128.xor(x5, x9), 12);
    x1 = i32x4.add(x1, x5); x13 = turn8(v128.xor(x13, x1)); x9 = i32x4.add(x9, x13); x5 = turn(v128.xor(x5, x9), 7);
    x2 = i32x4.add(x2, x6); x14 = turn16(v128.xor(x14, x2)); x10 = i32x4.add(x10, x14); x6 = turn(v128.xor(x6, x10), 12);
    x2 = i32x4.add(x2, x6); x14 = turn8(v128.xor(x14, x2)); x10 = i32x4.add(x10, x14); x6 = turn(v128.xor(x6, x10), 7);
    x3 = i32x4.add(x3, x7); x15 = turn16(v128.xor(x15, x3)); x11 = i32x4.add(x11, x15); x7 = turn(v128.xor(x7, x11), 12);
    x3 = i32x4.add(x3, x7); x15 = turn8(v128.xor(x15, x3)); x11 = i32x4.add(x11, x15); x7 = turn(v128.xor(x7, x11), 7);
    x0 = i32x4.add(x0, x5); x15 = turn16(v128.xor(x15, x0)); x10 = i32x4.add(x10, x15); x5 = turn(v128.xor(x5, x10), 12);
    x0 = i32x4.add(x0, x5); x15 = turn8(v128.xor(x15, x0)); x10 = i32x4.add(x10, x15); x5 = turn(v128.xor(x5, x10), 7);
    x1 = i32x4.add(x1, x6); x12 = turn16(v128.xor(x12, x1)); x11 = i32x4.add(x11, x12); x6 = turn(v128.xor(x6, x11), 12);
    x1 = i32x4.add(x1, x6); x12 = turn8(v128.xor(x12, x1)); x11 = i32x4.add(x11, x12); x6 = turn(v128.xor(x6, x11), 7);
    x2 = i32x4.add(x2, x7); x13 = turn16(v128.xor(x13, x2)); x8 = i32x4.add(x8, x13); x7 = turn(v128.xor(x7, x8), 12);
    x2 = i32x4.add(x2, x7); x13 = turn8(v128.xor(x13, x2)); x8 = i32x4.add(x8, x13); x7 = turn(v128.xor(x7, x8), 7);
    x3 = i32x4.add(x3, x4); x14 = turn16(v128.xor(x14, x3)); x9 = i32x4.add(x9, x14); x4 = turn(v128.xor(x4, x9), 12);
    x3 = i32x4.add(x3, x4); x14 = turn8(v128.xor(x14, x3)); x9 = i32x4.add(x9, x14); x4 = turn(v128.xor(x4, x9), 7);
  }
  put(to, 0, i32x4.add(x0, s0), i32x4.add(x1, s1), i32x4.add(x2, s2), i32x4.add(x3, s3));
  put(to, 16, i32x4.add(x4, s4), i32x4.add(x5, s5), i32x4.add(x6, s6), i32x4.add(x7, s7));
  put(to, 32, i32x4.add(x8, s8), i32x4.add(x9, s9), i32x4.add(x10, s10), i32x4.add(x11, s11));
  put(to, 48, i32x4.add(x12, s12), i32x4.add(x13, s13), i32x4.add(x14, s14), i32x4.add(x15, s15));
}
