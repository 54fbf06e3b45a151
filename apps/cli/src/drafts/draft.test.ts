import { expect, test } from 'vitest';
import { type DraftFile, applyChanges, draftCommit, draftIdOf, draftPath } from './draft.ts';

const file = (path: string, digit = 'a'): DraftFile => ({ path, oid: digit.repeat(64), size: 3 });

test('paths that mean something else elsewhere, or lie outside, are refused', () => {
  expect(['rows.csv', 'data/train/0.parquet', 'ÄÖ ü.csv', '.gitattributes'].map(draftPath)).toEqual(['rows.csv', 'data/train/0.parquet', 'ÄÖ ü.csv', '.gitattributes']);
  const refused = ['', '/etc/passwd', '../up.csv', 'a/../../b', 'a//b', './a', 'a\\b', 'C:/a', 'a\u0000b', 'a\nb', 'ends.', 'dir /a', '.git/config', 'a/.GIT/hooks', 'x'.repeat(201), `${'x/'.repeat(501)}y`, '\ud800', 7, undefined];
  for (const path of refused) expect(() => draftPath(path), JSON.stringify(path)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});

test('a commit puts and removes files in its order; names that are one elsewhere are refused', () => {
  const before = [file('a.csv'), file('old/1.txt'), file('old/2.txt')];
  expect(applyChanges(before, [{ removeFolder: 'old/' }, { put: file('a.csv', 'b') }, { put: file('new/3.txt') }]).map(({ path, oid }) => `${path} ${oid[0]}`)).toEqual(['a.csv b', 'new/3.txt a']);
  expect(applyChanges(before, [{ remove: 'a.csv' }, { remove: 'not there' }]).map(({ path }) => path)).toEqual(['old/1.txt', 'old/2.txt']);
  expect(() => applyChanges(before, [{ put: file('A.csv') }])).toThrow(/one elsewhere/);
  expect(() => applyChanges(before, [{ put: file('old') }])).toThrow(/one elsewhere/);
  expect(() => applyChanges(before, [{ put: file('a.csv/b') }])).toThrow(/one elsewhere/);
  expect(() => applyChanges(before, [{ put: file('Old/3.txt') }])).toThrow(/one elsewhere/);
  expect(() => applyChanges([], Array.from({ length: 10_001 }, (_, at) => ({ put: file(`${at}.txt`) })))).toThrow(/at most 10000 files/);
});

test('a name has one draft whatever its case, and its commit changes with what it holds', () => {
  expect(draftIdOf({ kind: 'dataset', repo: 'Me/Rows' })).toBe(draftIdOf({ kind: 'dataset', repo: 'me/rows' }));
  expect(draftIdOf({ kind: 'model', repo: 'me/rows' })).not.toBe(draftIdOf({ kind: 'dataset', repo: 'me/rows' }));
  const about = { kind: 'dataset' as const, repo: 'me/rows' };
  const commits = [[], [file('a')], [file('a', 'b')], [file('b')]].map((files) => draftCommit({ ...about, files }));
  expect(new Set(commits).size).toBe(4);
  expect(draftCommit({ ...about, files: [file('b'), file('a')] })).toBe(draftCommit({ ...about, files: [file('a'), file('b')] }));
});
