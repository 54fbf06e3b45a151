import { ROWS_A_PANEL, addColumns, packRows } from './panels';

// Sums of products of columns. Each entry is one running sum over the rows, from the first to the
// last, kept in a register for a panel of rows: the bits are those of the plain loop over rows.

/**
 * out[i, j] += a[row, i] * b[row, j] over `rows` rows of two packed panels, for the 4 x 4 blocks on and below the diagonal.
 * out: [line, line]. Panels: see panels.ts.
 */
// @ts-ignore: decorator
@inline
function addPanel(a: usize, b: usize, rows: i32, out: usize, line: i32): void {
  const step = <usize>line << 3;
  const size = <usize>rows << 5;
  for (let i = 0; i < line; i += 4) {
    const left = a + <usize>(i >> 2) * size;
    for (let j = 0; j <= i; j += 4) {
      const o0 = out + ((<usize>i * line + j) << 3);
      const o1 = o0 + step;
      const o2 = o1 + step;
      const o3 = o2 + step;
      let s00 = v128.load(o0);
      let s01 = v128.load(o0, 16);
      let s10 = v128.load(o1);
      let s11 = v128.load(o1, 16);
      let s20 = v128.load(o2);
      let s21 = v128.load(o2, 16);
      let s30 = v128.load(o3);
      let s31 = v128.load(o3, 16);
      let right = b + <usize>(j >> 2) * size;
      for (let p = left, end = left + size; p < end; p += 32) {
        const b0 = v128.load(right);
        const b1 = v128.load(right, 16);
        const a0 = v128.load64_splat(p);
        s00 = f64x2.add(s00, f64x2.mul(a0, b0));
        s01 = f64x2.add(s01, f64x2.mul(a0, b1));
        const a1 = v128.load64_splat(p, 8);
        s10 = f64x2.add(s10, f64x2.mul(a1, b0));
        s11 = f64x2.add(s11, f64x2.mul(a1, b1));
        const a2 = v128.load64_splat(p, 16);
        s20 = f64x2.add(s20, f64x2.mul(a2, b0));
        s21 = f64x2.add(s21, f64x2.mul(a2, b1));
        const a3 = v128.load64_splat(p, 24);
        s30 = f64x2.add(s30, f64x2.mul(a3, b0));
        s31 = f64x2.add(s31, f64x2.mul(a3, b1));
        right += 32;
      }
      v128.store(o0, s00);
      v128.store(o0, s01, 16);
      v128.store(o1, s10);
      v128.store(o1, s11, 16);
      v128.store(o2, s20);
      v128.store(o2, s21, 16);
      v128.store(o3, s30);
      v128.store(o3, s31, 16);
    }
  }
}

/**
 * Sums of the rows [first, last) of the design less `shift`, x: sums[i] += weight[row] * x_i for the `line` columns,
 * then, behind them, products[i, j] += (weight[row] * x_i) * x_j for j <= i. weights = 0: all are 1.
 * panels: room for 2 panels of a line. Answers -1.
 */
export function momentRows(design: usize, line: i32, shift: usize, weights: usize, panels: usize, sums: usize, first: i32, last: i32): i32 {
  const second = panels + ((<usize>line * ROWS_A_PANEL) << 3);
  const products = sums + (<usize>line << 3);
  for (let row = first; row < last; row += ROWS_A_PANEL) {
    const rows = min(ROWS_A_PANEL, last - row);
    const from = design + ((<usize>row * line) << 3);
    packRows(from, line, 1, rows, shift, 0, panels);
    if (weights) packRows(from, line, 1, rows, shift, weights + (<usize>row << 3), second);
    const left = weights ? second : panels;
    addColumns(left, line, rows, sums);
    addPanel(left, panels, rows, products, line);
  }
  return -1;
}

/**
 * The curvature of the log-loss, on every `stride`th of the rows [first, last), counted from `first`:
 * out[v, u][i, j] += w * p_v * ([v = u] - p_u) * x_i * x_j for u <= v, one block [line, line] behind the other,
 * (0,0), (1,0), (1,1), (2,0) and on. probabilities: [rows, vectors]. Source: Böhning, "Multinomial logistic
 * regression algorithm", Annals of the Institute of Statistical Mathematics 44 (1992).
 */
export function curvatureRows(
  design: usize, line: i32, weights: usize, vectors: i32, probabilities: usize, panels: usize, scales: usize, out: usize,
  stride: i32, first: i32, last: i32,
): void {
  const second = panels + ((<usize>line * ROWS_A_PANEL) << 3);
  const block = (<usize>line * line) << 3;
  for (let row = first; row < last; row += ROWS_A_PANEL * stride) {
    const rows = min(ROWS_A_PANEL, (last - row + stride - 1) / stride);
    const from = design + ((<usize>row * line) << 3);
    packRows(from, line, stride, rows, 0, 0, panels);
    let target = out;
    for (let v = 0; v < vectors; v++) {
      for (let u = 0; u <= v; u++) {
        for (let k = 0; k < rows; k++) {
          const at = row + k * stride;
          const p = probabilities + ((<usize>at * vectors) << 3);
          const own = load<f64>(p + (<usize>v << 3));
          let scale = v == u ? own * (1.0 - own) : -(own * load<f64>(p + (<usize>u << 3)));
          if (weights) scale = load<f64>(weights + (<usize>at << 3)) * scale;
          store<f64>(scales + (<usize>k << 3), scale);
        }
        packRows(from, line, stride, rows, 0, scales, second);
        addPanel(second, panels, rows, target, line);
        target += block;
      }
    }
  }
}
