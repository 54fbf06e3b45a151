const view = new DataView(new ArrayBuffer(8));

/** 2^exponent, built from its bits: exponent from -1022 to 1023. */
export function powerOfTwo(exponent: number): number {
  view.setUint32(0, (exponent + 1023) << 20);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}

/** The smallest k of at least -960 with value <= 2^k, for a finite value of at least 0. */
export function exponentOf(value: number): number {
  view.setFloat64(0, value);
  const exponent = (view.getUint32(0) >>> 20) - 1023;
  const whole = (view.getUint32(0) & 0xfffff) === 0 && view.getUint32(4) === 0;
  return Math.max(-960, whole ? exponent : exponent + 1);
}
