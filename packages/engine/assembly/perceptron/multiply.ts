// Products of f32 matrices. Each sum runs over the depth from the first to the last, in its own lane, one product and one
// sum rounded to f32 at a time: the order of the plain loop. Strides are in bytes.

// @ts-ignore: decorator
@inline
function startOf(bias: usize, offset: usize): v128 {
  return bias ? v128.load(bias + offset) : f32x4.splat(0);
}

/** Four rows and eight columns of out. */
// @ts-ignore: decorator
@inline
function tile4x8(a: usize, aRow: usize, aDeep: usize, b: usize, bDeep: usize, depth: i32, bias: usize, out: usize, outRow: usize): void {
  let c00 = startOf(bias, 0);
  let c01 = startOf(bias, 16);
  let c10 = c00;
  let c11 = c01;
  let c20 = c00;
  let c21 = c01;
  let c30 = c00;
  let c31 = c01;
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const s0 = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(s0, b0));
    c01 = f32x4.add(c01, f32x4.mul(s0, b1));
    const s1 = v128.load32_splat(a1);
    c10 = f32x4.add(c10, f32x4.mul(s1, b0));
    c11 = f32x4.add(c11, f32x4.mul(s1, b1));
    const s2 = v128.load32_splat(a2);
    c20 = f32x4.add(c20, f32x4.mul(s2, b0));
    c21 = f32x4.add(c21, f32x4.mul(s2, b1));
    const s3 = v128.load32_splat(a3);
    c30 = f32x4.add(c30, f32x4.mul(s3, b0));
    c31 = f32x4.add(c31, f32x4.mul(s3, b1));
    a += aDeep;
    a1 += aDeep;
    a2 += aDeep;
    a3 += aDeep;
    b += bDeep;
  }
  v128.store(out, c00);
  v128.store(out, c01, 16);
  v128.store(out + outRow, c10);
  v128.store(out + outRow, c11, 16);
  v128.store(out + 2 * outRow, c20);
  v128.store(out + 2 * outRow, c21, 16);
  v128.store(out + 3 * outRow, c30);
  v128.store(out + 3 * outRow, c31, 16);
}

/** Four rows and four columns of out. */
// @ts-ignore: decorator
@inline
function tile4x4(a: usize, aRow: usize, aDeep: usize, b: usize, bDeep: usize, depth: i32, bias: usize, out: usize, outRow: usize): void {
  let c0 = startOf(bias, 0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(a), b0));
    c1 = f32x4.add(c1, f32x4.mul(v128.load32_splat(a1), b0));
    c2 = f32x4.add(c2, f32x4.mul(v128.load32_splat(a2), b0));
    c3 = f32x4.add(c3, f32x4.mul(v128.load32_splat(a3), b0));
    a += aDeep;
    a1 += aDeep;
    a2 += aDeep;
    a3 += aDeep;
    b += bDeep;
  }
  v128.store(out, c0);
  v128.store(out + outRow, c1);
  v128.store(out + 2 * outRow, c2);
  v128.store(out + 3 * outRow, c3);
}

/** One row and four columns of out. */
// @ts-ignore: decorator
@inline
function tile1x4(a: usize, aDeep: usize, b: usize, bDeep: usize, depth: i32, bias: usize, out: usize): void {
  let c = startOf(bias, 0);
  for (let k = 0; k < depth; k++) {
    c = f32x4.add(c, f32x4.mul(v128.load32_splat(a), v128.load(b)));
    a += aDeep;
    b += bDeep;
  }
  v128.store(out, c);
}

/** out[r][c] = bias[c] (0 without) + sum over k of a[r][k] b[k][c]; `lanes` columns, a multiple of 4. */
export function multiply(
  a: usize, aRow: usize, aDeep: usize, b: usize, bDeep: usize, bias: usize, out: usize, outRow: usize, rows: i32, depth: i32, lanes: i32,
): void {
  const wide = lanes & ~7;
  for (let column = 0; column < lanes; column += column < wide ? 8 : 4) {
    const offset = <usize>column << 2;
    const from = bias ? bias + offset : 0;
    let row = 0;
    if (column < wide) {
      for (; row + 4 <= rows; row += 4) tile4x8(a + <usize>row * aRow, aRow, aDeep, b + offset, bDeep, depth, from, out + <usize>row * outRow + offset, outRow);
      for (; row < rows; row++) {
        tile1x4(a + <usize>row * aRow, aDeep, b + offset, bDeep, depth, from, out + <usize>row * outRow + offset);
        tile1x4(a + <usize>row * aRow, aDeep, b + offset + 16, bDeep, depth, from ? from + 16 : 0, out + <usize>row * outRow + offset + 16);
      }
    } else {
      for (; row + 4 <= rows; row += 4) tile4x4(a + <usize>row * aRow, aRow, aDeep, b + offset, bDeep, depth, from, out + <usize>row * outRow + offset, outRow);
      for (; row < rows; row++) tile1x4(a + <usize>row * aRow, aDeep, b + offset, bDeep, depth, from, out + <usize>row * outRow + offset);
    }
  }
}

/** out[c] = sum over the rows of a[r][c]. */
export function sumRows(a: usize, aRow: usize, out: usize, rows: i32, lanes: i32): void {
  for (let column: usize = 0, end = <usize>lanes << 2; column < end; column += 16) {
    let sum = f32x4.splat(0);
    let at = a + column;
    for (let row = 0; row < rows; row++) {
      sum = f32x4.add(sum, v128.load(at));
      at += aRow;
    }
    v128.store(out + column, sum);
  }
}

/** out[c][r] = a[r][c] for `rows` rows and `columns` columns; out's rows are `outRow` bytes apart. */
export function transpose(a: usize, aRow: usize, out: usize, outRow: usize, rows: i32, columns: i32): void {
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      store<f32>(out + <usize>column * outRow + (<usize>row << 2), load<f32>(a + <usize>row * aRow + (<usize>column << 2)));
    }
  }
}
