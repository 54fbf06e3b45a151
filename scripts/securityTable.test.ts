import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** The table of docs/security.md: it names tests that exist, and leaves no requirement out. */

const root = path.resolve(import.meta.dirname, '..');
const page = readFileSync(path.join(root, 'docs/security.md'), 'utf8');

/** How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has, by their last numbers. */
const asvs: Record<string, string> = {
  '1.1': '1-2', '1.2': '1-9', '1.3': '1-11', '1.4': '1-3', '1.5': '1-2', '2.1': '1-3', '2.2': '1-3', '2.3': '1-4', '2.4': '1',
  '3.2': '1-2', '3.3': '1-4', '3.4': '1-6', '3.5': '1-5', '3.7': '1-2', '4.1': '1-3', '4.2': '1', '4.3': '1-2', '4.4': '1-4',
  '5.1': '1', '5.2': '1-3', '5.3': '1-2', '5.4': '1-3', '6.1': '1-3', '6.2': '1-12', '6.3': '1-4', '6.4': '1-4', '6.5': '1-5', '6.6': '1-3', '6.8': '1-4',
  '7.1': '1-3', '7.2': '1-4', '7.3': '1-2', '7.4': '1-5', '7.5': '1-2', '7.6': '1-2', '8.1': '1-2', '8.2': '1-3', '8.3': '1', '8.4': '1', '9.1': '1-3', '9.2': '1-4',
  '10.1': '1-2', '10.2': '1-2', '10.3': '1-4', '10.4': '1-11', '10.5': '1-5', '10.6': '1-2', '10.7': '1-3',
  '11.1': '1-2', '11.2': '1-3', '11.3': '1-3', '11.4': '1-4', '11.5': '1', '11.6': '1', '12.1': '1-3', '12.2': '1-2', '12.3': '1-4',
  '13.1': '1', '13.2': '1-5', '13.3': '1-2', '13.4': '1-5', '14.1': '1-2', '14.2': '1-4', '14.3': '1-3', '15.1': '1-3', '15.2': '1-3', '15.3': '1-7',
  '16.1': '1', '16.2': '1-5', '16.3': '1-4', '16.4': '1-3', '16.5': '1-3', '17.1': '1', '17.2': '1-4', '17.3': '1-2',
};
const wanted = Object.entries(asvs).flatMap(([section, numbers]) => {
  const [first = 1, last = first] = numbers.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => `${section}.${first + index}`);
});

test('every requirement of levels 1 and 2 stands in the table once', () => {
  const rows = [...page.matchAll(/^\| ((?:\d+\.\d+\.\d+(?:, )?)+) \|/gm)].flatMap(([, ids]) => ids!.split(', '));
  expect(rows.toSorted()).toEqual(wanted.toSorted());
});

test('every row has a test, a reason, or says what is missing', () => {
  const rows = page.split('\n').filter((line) => /^\| (\d|API)/.test(line));
  expect(rows.length).toBeGreaterThan(150);
  expect(rows.filter((line) => !/\.test\.ts`|n\/a: |by design, no test of its own: |\*\*missing\*\*: /.test(line))).toEqual([]);
});

test('every test that is named exists, by path and name', () => {
  const paths = [...page.matchAll(/`([\w/.-]+\.test\.ts)`/g)].map(([, file]) => file!);
  expect(paths.length).toBeGreaterThan(100);
  expect(paths.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  const named = [...page.matchAll(/`([\w/.-]+\.test\.ts)` "([^"]+)"/g)];
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(([, file, name]) => !readFileSync(path.join(root, file!), 'utf8').includes(name!)).map(([text]) => text)).toEqual([]);
});
