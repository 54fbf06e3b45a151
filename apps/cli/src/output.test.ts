import { expect, test } from 'vitest';
import { clean, short, sparkline, table, toJson, until, when, wrapped } from './output.ts';
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

test('deadlines in local time, and how far off', () => {
  const spans = [5, 119, 120, 7_199, 7_200, 172_800, -1, -300].map((left) => until(1_000_000 + left, 1_000_000).replace(/^.*\((.*)\)$/, '$1'));
  expect(spans).toEqual(['in 5 seconds', 'in 119 seconds', 'in 2 minutes', 'in 119 minutes', 'in 2 hours', 'in 2 days', '1 second ago', '5 minutes ago']);
  expect(until(1_000_005, 1_000_000)).toBe(`${when(1_000_005)} (in 5 seconds)`);
});

test('long sentences are wrapped between words, and lose what would steer the terminal', () => {
  const lines = wrapped(`${'word '.repeat(60).trim()}\u001b[31m`, 4).split('\n');
  expect(lines.every((line) => line.startsWith('    word') && line.length <= 114)).toBe(true);
  expect(lines.join('').split('word').length).toBe(61);
  expect(wrapped('a\u001bb', 2)).toBe('  ab');
});
