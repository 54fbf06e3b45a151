// exp and log as in assembly/math.ts, after Sun's fdlibm:
// https://www.netlib.org/fdlibm/e_exp.c and https://www.netlib.org/fdlibm/e_log.c
//
// ====================================================
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Developed at SunPro, a Sun Microsystems, Inc. business.
// Permission to use, copy, modify, and distribute this software is freely granted,
// provided that this notice is preserved.
// ====================================================

const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const INVERSE_LN2 = 1.44269504088896338700;

/** Polynomials by Horner's rule, the constant term first. */
function polynomial(x: number, [first = 0, ...rest]: number[]): number {
  return rest.length === 0 ? first : first + x * polynomial(x, rest);
}

/** 2^exponent for exponents of normal numbers. */
function powerOfTwo(exponent: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, (exponent + 1023) << 20);
  return view.getFloat64(0);
}

/** e^x: x = k ln 2 + r, e^r by a rational function, times 2^k. */
export function exp(x: number): number {
  if (!(x <= 709)) throw new RangeError(`exp(${x}) is outside of the range that the engine allows`);
  if (x < -745.2) return 0;
  const isSmall = Math.abs(x) <= 0.34657359027997264;
  const k = isSmall ? 0 : Math.trunc(INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
  const high = isSmall ? x : x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c = r - t * polynomial(t, [
    1.66666666666666019037e-1, -2.77777777770155933842e-3, 6.61375632143793436117e-5,
    -1.65339022054652515390e-6, 4.13813679705723846039e-8,
  ]);
  const y = 1 - (low - (r * c) / (2 - c) - high);
  return k >= -1021 ? y * powerOfTwo(k) : y * powerOfTwo(k + 1000) * powerOfTwo(-1000);
}

/** ln x: x = 2^k (1 + f) with 1 + f near 1, ln(1 + f) by a polynomial in f / (2 + f). */
export function log(x: number): number {
  if (!(x >= 2.2250738585072014e-308 && x < Infinity)) throw new RangeError(`log(${x}) is outside of the range that the engine allows`);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const shifted = view.getUint32(0) + (0x3ff00000 - 0x3fe6a09e);
  const k = (shifted >>> 20) - 0x3ff;
  view.setUint32(0, (shifted & 0x000fffff) + 0x3fe6a09e);
  const f = view.getFloat64(0) - 1;
  const halfSquare = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * polynomial(w, [3.999999999940941908e-1, 2.222219843214978396e-1, 1.531383769920937332e-1]);
  const odd = z * polynomial(w, [6.666666666666735130e-1, 2.857142874366239149e-1, 1.818357216161805012e-1, 1.479819860511658591e-1]);
  return s * (halfSquare + (odd + even)) + k * LN2_LOW - halfSquare + f + k * LN2_HIGH;
}
