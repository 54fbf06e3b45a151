// A panel holds some rows by groups of four columns: [line / 4][rows][4], so that a block of
// products reads its columns one after the other.

/** Rows of a panel at most. */
export const ROWS_A_PANEL: i32 = 64;

/** Packs `rows` rows, `stride` rows apart, each less `means` (0: nothing) and times its scale (0: 1). line: a multiple of 4. */
// @ts-ignore: decorator
@inline
export function packRows(from: usize, line: i32, stride: i32, rows: i32, means: usize, scales: usize, panel: usize): void {
  const step = (<usize>line * stride) << 3;
  let target = panel;
  for (let column: usize = 0, end = <usize>line << 3; column < end; column += 32) {
    let x = from + column;
    const m0 = means ? v128.load(means + column) : f64x2.splat(0);
    const m1 = means ? v128.load(means + column, 16) : f64x2.splat(0);
    for (let k = 0; k < rows; k++) {
      let x0 = v128.load(x);
      let x1 = v128.load(x, 16);
      if (means) {
        x0 = f64x2.sub(x0, m0);
        x1 = f64x2.sub(x1, m1);
      }
      if (scales) {
        const scale = v128.load64_splat(scales + (<usize>k << 3));
        x0 = f64x2.mul(scale, x0);
        x1 = f64x2.mul(scale, x1);
      }
      v128.store(target, x0);
      v128.store(target, x1, 16);
      x += step;
      target += 32;
    }
  }
}

/** sums[column] += the panel's column, from the first row to the last. */
// @ts-ignore: decorator
@inline
export function addColumns(panel: usize, line: i32, rows: i32, sums: usize): void {
  let from = panel;
  for (let at = sums, end = sums + (<usize>line << 3); at < end; at += 32) {
    let s0 = v128.load(at);
    let s1 = v128.load(at, 16);
    for (let k = 0; k < rows; k++) {
      s0 = f64x2.add(s0, v128.load(from));
      s1 = f64x2.add(s1, v128.load(from, 16));
      from += 32;
    }
    v128.store(at, s0);
    v128.store(at, s1, 16);
  }
}
