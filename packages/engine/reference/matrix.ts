export type Matrix = number[][];

export function zeros(rows: number, columns: number): Matrix {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => 0));
}

/** An entry that the caller knows to exist. */
export function at(matrix: Matrix, row: number, column: number): number {
  const value = matrix[row]?.[column];
  if (value === undefined) throw new RangeError(`No entry ${row}, ${column}`);
  return value;
}

export function add(matrix: Matrix, [row, column]: [number, number], value: number): void {
  const line = matrix[row];
  if (line !== undefined) line[column] = at(matrix, row, column) + value;
}

/** From the first to the last term: the order is part of the result. */
export function dot(a: number[], b: number[]): number {
  let total = 0;
  for (const [index, value] of a.entries()) total += value * (b[index] ?? 0);
  return total;
}

export function largest(values: number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/**
 * The upper factor U of matrix + shift I = U^T U, or undefined when a pivot is at most 2^-48 of
 * the matrix's own diagonal. Each entry subtracts its products in the order of the rows above.
 */
export function cholesky(matrix: Matrix, shift: number): Matrix | undefined {
  const size = matrix.length;
  const factor = zeros(size, size);
  for (let i = 0; i < size; i += 1) {
    for (let j = i; j < size; j += 1) {
      let value = i === j ? at(matrix, i, i) + shift : at(matrix, j, i);
      for (let k = 0; k < i; k += 1) value += -at(factor, k, i) * at(factor, k, j);
      add(factor, [i, j], value);
    }
    const pivot = at(factor, i, i);
    if (!(pivot > at(matrix, i, i) * 2 ** -48)) return undefined;
    const root = Math.sqrt(pivot);
    factor[i] = (factor[i] ?? []).map((value, j) => (j < i ? 0 : j === i ? root : value / root));
  }
  return factor;
}

/** x with U^T U x = b, forwards and then backwards. */
export function solve(factor: Matrix, b: number[]): number[] {
  const x = [...b];
  for (let i = 0; i < x.length; i += 1) {
    const value = (x[i] ?? 0) / at(factor, i, i);
    x[i] = value;
    for (let j = i + 1; j < x.length; j += 1) x[j] = (x[j] ?? 0) + -value * at(factor, i, j);
  }
  for (let i = x.length - 1; i >= 0; i -= 1) {
    let value = x[i] ?? 0;
    for (let j = i + 1; j < x.length; j += 1) value -= at(factor, i, j) * (x[j] ?? 0);
    x[i] = value / at(factor, i, i);
  }
  return x;
}
