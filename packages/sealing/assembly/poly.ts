/** Poly1305 (RFC 8439, section 2.5) in five limbs of 26 bits. Source: Floodyberry, poly1305-donna-32. */
import { ONE_TIME, TAG } from './layout';

const LIMB: u64 = 0x3ffffff;

let r0: u64, r1: u64, r2: u64, r3: u64, r4: u64;
let h0: u64, h1: u64, h2: u64, h3: u64, h4: u64;

export function begin(): void {
  r0 = u64(load<u32>(ONE_TIME)) & 0x3ffffff;
  r1 = u64(load<u32>(ONE_TIME, 3) >> 2) & 0x3ffff03;
  r2 = u64(load<u32>(ONE_TIME, 6) >> 4) & 0x3ffc0ff;
  r3 = u64(load<u32>(ONE_TIME, 9) >> 6) & 0x3f03fff;
  r4 = u64(load<u32>(ONE_TIME, 12) >> 8) & 0x00fffff;
  h0 = 0; h1 = 0; h2 = 0; h3 = 0; h4 = 0;
}

/** Takes whole blocks of 16 bytes. */
export function take(from: usize, length: usize): void {
  const a = r0, b = r1, c = r2, d = r3, e = r4;
  const b5 = b * 5, c5 = c * 5, d5 = d * 5, e5 = e * 5;
  let x0 = h0, x1 = h1, x2 = h2, x3 = h3, x4 = h4;
  for (let at = from; at < from + length; at += 16) {
    x0 += u64(load<u32>(at)) & LIMB;
    x1 += u64(load<u32>(at, 3) >> 2) & LIMB;
    x2 += u64(load<u32>(at, 6) >> 4) & LIMB;
    x3 += u64(load<u32>(at, 9) >> 6);
    x4 += u64(load<u32>(at, 12) >> 8) | (1 << 24);
    const y0 = x0 * a + x1 * e5 + x2 * d5 + x3 * c5 + x4 * b5;
    const y1 = x0 * b + x1 * a + x2 * e5 + x3 * d5 + x4 * c5 + (y0 >> 26);
    const y2 = x0 * c + x1 * b + x2 * a + x3 * e5 + x4 * d5 + (y1 >> 26);
    const y3 = x0 * d + x1 * c + x2 * b + x3 * a + x4 * e5 + (y2 >> 26);
    const y4 = x0 * e + x1 * d + x2 * c + x3 * b + x4 * a + (y3 >> 26);
    x0 = (y0 & LIMB) + (y4 >> 26) * 5;
    x1 = (y1 & LIMB) + (x0 >> 26);
    x0 &= LIMB;
    x2 = y2 & LIMB;
    x3 = y3 & LIMB;
    x4 = y4 & LIMB;
  }
  h0 = x0; h1 = x1; h2 = x2; h3 = x3; h4 = x4;
}

/** Writes the tag. Takes as long whatever the bytes were. */
export function finish(): void {
  h2 += h1 >> 26; h1 &= LIMB;
  h3 += h2 >> 26; h2 &= LIMB;
  h4 += h3 >> 26; h3 &= LIMB;
  h0 += (h4 >> 26) * 5; h4 &= LIMB;
  h1 += h0 >> 26; h0 &= LIMB;
  // The same less the modulus, where that is not below zero.
  let g0 = h0 + 5;
  let g1 = h1 + (g0 >> 26); g0 &= LIMB;
  let g2 = h2 + (g1 >> 26); g1 &= LIMB;
  let g3 = h3 + (g2 >> 26); g2 &= LIMB;
  const g4 = h4 + (g3 >> 26) - (1 << 26); g3 &= LIMB;
  const less = (g4 >> 63) - 1;
  const z0 = (h0 & ~less) | (g0 & less), z1 = (h1 & ~less) | (g1 & less), z2 = (h2 & ~less) | (g2 & less), z3 = (h3 & ~less) | (g3 & less), z4 = (h4 & ~less) | (g4 & less);
  const word: u64 = 0xffffffff;
  let sum = ((z0 | (z1 << 26)) & word) + u64(load<u32>(ONE_TIME, 16));
  store<u32>(TAG, u32(sum));
  sum = (((z1 >> 6) | (z2 << 20)) & word) + u64(load<u32>(ONE_TIME, 20)) + (sum >> 32);
  store<u32>(TAG, u32(sum), 4);
  sum = (((z2 >> 12) | (z3 << 14)) & word) + u64(load<u32>(ONE_TIME, 24)) + (sum >> 32);
  store<u32>(TAG, u32(sum), 8);
  sum = (((z3 >> 18) | (z4 << 8)) & word) + u64(load<u32>(ONE_TIME, 28)) + (sum >> 32);
  store<u32>(TAG, u32(sum), 12);
}
