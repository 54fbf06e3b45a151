/**
 * Mean and standard deviation of the first `rows` values, missing ones standing at the mean
 * (the population deviation over all rows, as scikit-learn's SimpleImputer + StandardScaler).
 * Writes mean and deviation to out; returns 1 when either is not finite.
 */
export function fitNumeric(values: usize, missing: usize, rows: i32, out: usize): i32 {
  let count = 0;
  let sum: f64 = 0;
  let least: f64 = Infinity;
  let most: f64 = -Infinity;
  for (let row = 0; row < rows; row++) {
    if (load<u8>(missing + row)) continue;
    const value = load<f64>(values + (<usize>row << 3));
    sum += value;
    if (value < least) least = value;
    if (value > most) most = value;
    count++;
  }
  let mean: f64 = 0;
  let deviation: f64 = 1;
  if (count > 0) {
    // A constant column keeps its exact value as the mean: the rounded sum would give it a spread.
    mean = least == most ? least : sum / <f64>count;
    let squares: f64 = 0;
    for (let row = 0; row < rows; row++) {
      if (load<u8>(missing + row)) continue;
      const distance = load<f64>(values + (<usize>row << 3)) - mean;
      squares += distance * distance;
    }
    deviation = sqrt(squares / <f64>rows);
    if (deviation == 0) deviation = 1;
  }
  store<f64>(out, mean);
  store<f64>(out, deviation, 8);
  return abs(mean) < Infinity && deviation < Infinity ? 0 : 1;
}

/**
 * Writes (value - mean) / deviation, 0 where missing, to column `at` of the design matrix.
 * Returns the first row whose result is not finite, or -1.
 */
export function encodeNumeric(
  values: usize, missing: usize, rows: i32, mean: f64, deviation: f64, design: usize, width: i32, at: i32,
): i32 {
  for (let row = 0; row < rows; row++) {
    let value: f64 = 0;
    if (!load<u8>(missing + row)) value = (load<f64>(values + (<usize>row << 3)) - mean) / deviation;
    if (!(abs(value) < Infinity)) return row;
    store<f64>(design + ((<usize>row * width + at) << 3), value);
  }
  return -1;
}

/** Writes 1 to column `at + code` of the design matrix; a code below 0 leaves the row at zero. */
export function encodeCategorical(codes: usize, rows: i32, design: usize, width: i32, at: i32): void {
  for (let row = 0; row < rows; row++) {
    const code = load<i32>(codes + (<usize>row << 2));
    if (code >= 0) store<f64>(design + ((<usize>row * width + at + code) << 3), 1.0);
  }
}

/** Writes 1 to column 0, the intercept's, of every row. */
export function encodeIntercept(rows: i32, design: usize, width: i32): void {
  for (let row = 0; row < rows; row++) store<f64>(design + ((<usize>row * width) << 3), 1.0);
}
