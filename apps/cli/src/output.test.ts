import { expect, test } from 'vitest';
import { clean, short, sparkline, table, toJson } from './output.ts';
import { safeName } from './downloadOrder.ts';

test('strangers cannot steer the terminal', () => {
  expect(clean('a\u001b[31mred\u0007\u202etxt\nnext')).toBe('a[31mredtxt\nnext');
  expect(short('one\n  two   three', 9)).toBe('one two …');
});

test('a file name from outside is a name, nothing else', () => {
  expect(['../../etc/passwd', 'C:\\x\\rows.csv', '.bashrc', '..', 'a\u0000b?.csv', ''].map(safeName)).toEqual(['passwd', 'rows.csv', 'bashrc', 'download.bin', 'a_b_.csv', 'download.bin']);
});

test('tables align, JSON takes amounts', () => {
  expect(table(['n', 'name'], [['1', 'a'], ['22', 'bb']], 'none')).toBe('n   name\n1   a\n22  bb');
  expect(table(['n'], [], 'none')).toBe('none');
  expect(toJson({ amount: 25n })).toBe('{\n  "amount": "25"\n}');
});

test('a sparkline falls with its numbers', () => {
  expect(sparkline([3, 2, 1, 0])).toBe('█▆▃▁');
  expect(sparkline([1, 1])).toBe('▁▁');
  expect(sparkline([])).toBe('');
  expect(sparkline(Array.from({ length: 100 }, (_, index) => index), 10).length).toBeLessThanOrEqual(11);
});
