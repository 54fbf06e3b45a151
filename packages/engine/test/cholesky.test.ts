import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Matrix, at, cholesky, solve } from '../reference/matrix.ts';
import { allocate, createKernels, doubles } from '../src/kernels/index.ts';

/** The solution of (matrix + shift I) x = b by the module; undefined when it refuses the matrix. */
function solveInModule(matrix: Matrix, shift: number, b: number[]): number[] | undefined {
  const kernels = createKernels();
  const size = b.length;
  const [hessian = 0, diagonal = 0, gradient = 0, direction = 0] = [size * size, size, size, size].map((count) => allocate(kernels, count * 8));
  doubles(kernels, hessian, size * size).set(matrix.flat());
  doubles(kernels, diagonal, size).set(matrix.map((_, i) => at(matrix, i, i)));
  doubles(kernels, gradient, size).set(b);
  kernels.startFactor(hessian, diagonal, shift, size);
  for (let row = 0; row < size; row += 1) if (kernels.factorRow(hessian, diagonal, size, row) !== 0) return undefined;
  kernels.solve(hessian, gradient, direction, size);
  return [...doubles(kernels, direction, size)];
}

test('a singular matrix is refused, and solved with a shift', () => {
  const singular = [[1, 1], [1, 1]];
  expect(solveInModule(singular, 0, [1, 2])).toBeUndefined();
  expect(cholesky(singular, 0)).toBeUndefined();
  const factor = cholesky(singular, 0.5) ?? [];
  expect(solveInModule(singular, 0.5, [1, 2])).toEqual(solve(factor, [1, 2]));
  // By Cramer's rule on [[1.5, 1], [1, 1.5]].
  expect(solve(factor, [1, 2])).toEqual([expect.closeTo(-0.4, 12), expect.closeTo(1.6, 12)]);
});

test('module and twin solve the same systems to the bit', () => {
  const entry = fc.double({ min: -10, max: 10, noNaN: true });
  const system = fc.integer({ min: 1, max: 9 }).chain((size) => fc.tuple(
    fc.array(fc.array(entry, { minLength: size, maxLength: size }), { minLength: size, maxLength: size }),
    fc.array(entry, { minLength: size, maxLength: size }),
    fc.constantFrom(0, 1e-9, 1),
  ));
  fc.assert(fc.property(system, ([root, b, shift]) => {
    const matrix = root.map((_, i) => root.map((__, j) => root.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0)));
    const factor = cholesky(matrix, shift);
    expect(solveInModule(matrix, shift, b)).toEqual(factor === undefined ? undefined : solve(factor, b));
  }));
});
