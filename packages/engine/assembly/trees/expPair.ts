// exp of math.ts, two numbers at a time: each lane does the same operations, so it has the same bits.

// @ts-ignore: decorator
@inline
function lanes(value: f64): v128 {
  return f64x2.splat(value);
}

/** e^x of both lanes, for x in [-708, 0]. */
// @ts-ignore: decorator
@inline
export function expPair(x: v128): v128 {
  const reduced = f64x2.gt(f64x2.abs(x), lanes(0.34657359027997264));
  // Towards zero, as the conversion to an integer in exp.
  const k = v128.and(f64x2.trunc(f64x2.sub(f64x2.mul(lanes(1.44269504088896338700e+00), x), lanes(0.5))), reduced);
  const high = f64x2.sub(x, f64x2.mul(k, lanes(6.93147180369123816490e-01)));
  const low = f64x2.mul(k, lanes(1.90821492927058770002e-10));
  const r = f64x2.sub(high, low);
  const t = f64x2.mul(r, r);
  let p = f64x2.add(lanes(-1.65339022054652515390e-06), f64x2.mul(t, lanes(4.13813679705723846039e-08)));
  p = f64x2.add(lanes(6.61375632143793436117e-05), f64x2.mul(t, p));
  p = f64x2.add(lanes(-2.77777777770155933842e-03), f64x2.mul(t, p));
  p = f64x2.add(lanes(1.66666666666666019037e-01), f64x2.mul(t, p));
  const c = f64x2.sub(r, f64x2.mul(t, p));
  const quotient = f64x2.div(f64x2.mul(r, c), f64x2.sub(lanes(2), c));
  const y = f64x2.sub(lanes(1), f64x2.sub(f64x2.sub(low, quotient), high));
  const exponent = i64x2.shl(i64x2.extend_low_i32x4_s(i32x4.add(i32x4.trunc_sat_f64x2_s_zero(k), i32x4.splat(1023))), 52);
  return f64x2.mul(y, exponent);
}
