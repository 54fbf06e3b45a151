import { expect, test } from 'vitest';
import { createKernels, allocate, doubles } from '../src/kernels/index.ts';
import { createSource, openEncoder } from '../src/prepare/designSource.ts';
import { encodeRows } from '../src/prepare/encodeRows.ts';
import type { FittedFeature } from '../src/prepare/fittedFeature.ts';
import type { Table } from '../src/table/table.ts';

const rows = 1_100;
const numbers = ['a', 'b', 'c', 'd', 'e', 'f'];
const values = (column: number): Float64Array => Float64Array.from({ length: rows }, (_, row) => ((row * 7 + column) % 11 === 0 ? NaN : (row % 5 === 0 ? -0 : Math.sin(row * (column + 1)) * 1e3)));
const table: Table = {
  rows,
  columns: [
    ...numbers.map((name, column) => ({ name, kind: 'numeric' as const, values: values(column) })),
    { name: 'k', kind: 'categorical', codes: Int32Array.from({ length: rows }, (_, row) => (row % 4) - 1), texts: ['x', 'unseen', 'y'] },
    { name: 'o', kind: 'categorical', codes: Int32Array.from({ length: rows }, (_, row) => (row % 4) - 1), texts: ['x', 'unseen', 'y'] },
  ],
};
const number = (name: string, index: number): FittedFeature => ({ name, kind: 'numeric', fill: index === 1 ? null : index + 0.5, mean: index === 0 ? 0 : 3.25 * index, deviation: index === 0 ? 1 : 7.5 });
const features: FittedFeature[] = [
  ...numbers.slice(0, 5).map(number),
  { name: 'k', kind: 'categorical', encode: 'one-hot', categories: ['x', 'y'], missing: true },
  number('f', 5),
  { name: 'o', kind: 'categorical', encode: 'ordinal', categories: ['x', 'y'], missing: false },
];

test.each([['all rows', 1], ['every third row', 3]])('a member encodes %s as predictions do, to the bit', (_, step) => {
  const order = Int32Array.from({ length: Math.ceil(rows / step) }, (__, place) => place * step);
  const kernels = createKernels();
  const [line, at] = [16, 1];
  const encode = openEncoder(kernels, createSource({ table, features, order, targets: new Float64Array(rows).fill(9) }));
  const [first, last] = [3, order.length - 2];
  const pointer = allocate(kernels, (last - first) * line * 8);
  const furthest = encode({ first, last, pointer, line, at, ones: 0, target: 15 });
  const wanted = encodeRows({ table, rows: order.subarray(first, last), features, into: { design: new Float64Array((last - first) * line), line, at } });
  for (let row = 0; row < last - first; row += 1) [wanted[row * line], wanted[row * line + 15]] = [1, 9];
  const found = doubles(kernels, pointer, wanted.length);
  expect(found.findIndex((value, index) => !Object.is(value, wanted[index]))).toBe(-1);
  expect(furthest).toBeGreaterThan(100);
});

test('a number that is too far to be scaled is told', () => {
  const far: Table = { rows: 2, columns: [{ name: 'a', kind: 'numeric', values: Float64Array.of(1e300, 0) }] };
  const kernels = createKernels();
  const pointer = allocate(kernels, 16);
  const encode = openEncoder(kernels, createSource({ table: far, features: [{ name: 'a', kind: 'numeric', fill: null, mean: 0, deviation: 1e-300 }], order: Int32Array.of(0, 1), targets: new Float64Array(2) }));
  expect(encode({ first: 0, last: 2, pointer, line: 1, at: 0, ones: -1, target: -1 })).toBe(Infinity);
});
