// exp and log after FreeBSD's msun and musl, which derive from Sun's fdlibm (e_exp.c, e_log.c).
// Sources: https://www.netlib.org/fdlibm/e_exp.c and https://www.netlib.org/fdlibm/e_log.c
//
// ====================================================
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Developed at SunPro, a Sun Microsystems, Inc. business.
// Permission to use, copy, modify, and distribute this software is freely granted,
// provided that this notice is preserved.
// ====================================================
//
// Only + - * / and bit moves on f64: the same bits on every machine that runs WebAssembly.

const LN2_HIGH: f64 = 6.93147180369123816490e-01;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const INVERSE_LN2: f64 = 1.44269504088896338700e+00;

const P1: f64 = 1.66666666666666019037e-01;
const P2: f64 = -2.77777777770155933842e-03;
const P3: f64 = 6.61375632143793436117e-05;
const P4: f64 = -1.65339022054652515390e-06;
const P5: f64 = 4.13813679705723846039e-08;

const LG1: f64 = 6.666666666666735130e-01;
const LG2: f64 = 3.999999999940941908e-01;
const LG3: f64 = 2.857142874366239149e-01;
const LG4: f64 = 2.222219843214978396e-01;
const LG5: f64 = 1.818357216161805012e-01;
const LG6: f64 = 1.531383769920937332e-01;
const LG7: f64 = 1.479819860511658591e-01;

function powerOfTwo(exponent: i32): f64 {
  return reinterpret<f64>(<u64>(exponent + 1023) << 52);
}

/** e^x for x <= 0 and for x up to 709; traps on NaN and on what would overflow. */
export function exp(x: f64): f64 {
  if (!(x <= 709.0)) unreachable();
  if (x < -745.2) return 0;
  let high = x;
  let low: f64 = 0;
  let k: i32 = 0;
  if (abs(x) > 0.34657359027997264) {
    k = <i32>(INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
    high = x - <f64>k * LN2_HIGH;
    low = <f64>k * LN2_LOW;
  }
  const r = high - low;
  const t = r * r;
  const c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  const y = 1.0 - ((low - (r * c) / (2.0 - c)) - high);
  if (k >= -1021) return y * powerOfTwo(k);
  return y * powerOfTwo(k + 1000) * powerOfTwo(-1000);
}

/** Natural logarithm of a normal positive number; traps on anything else. */
export function log(x: f64): f64 {
  if (!(x >= 2.2250738585072014e-308 && x < Infinity)) unreachable();
  const bits = reinterpret<u64>(x);
  const shifted = <u32>(bits >> 32) + (0x3ff00000 - 0x3fe6a09e);
  const k = <i32>(shifted >> 20) - 0x3ff;
  const top = (shifted & 0x000fffff) + 0x3fe6a09e;
  const f = reinterpret<f64>((<u64>top << 32) | (bits & 0xffffffff)) - 1.0;
  const halfSquare = 0.5 * f * f;
  const s = f / (2.0 + f);
  const z = s * s;
  const w = z * z;
  const t1 = w * (LG2 + w * (LG4 + w * LG6));
  const t2 = z * (LG1 + w * (LG3 + w * (LG5 + w * LG7)));
  const r = t2 + t1;
  return s * (halfSquare + r) + <f64>k * LN2_LOW - halfSquare + f + <f64>k * LN2_HIGH;
}
