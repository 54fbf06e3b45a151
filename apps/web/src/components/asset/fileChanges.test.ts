import { expect, test } from 'vitest';
import { fileChanges } from './fileChanges.ts';

test('what became of files, with a few of their names', () => {
  const none = { added: [], removed: [], changed: [], moved: [], unchanged: ['a'], exact: false };
  expect(fileChanges(none)).toEqual([]);
  expect(fileChanges({ ...none, added: Array.from({ length: 10 }, (_, at) => `n${at}`), removed: ['old'], moved: [{ from: 'x', to: 'y' }], changed: ['t.csv'] })).toEqual([
    { what: 'Files added', after: 'n0, n1, n2, n3, n4, n5, n6, n7 and 2 more' },
    { what: 'Files removed', before: 'old' },
    { what: 'File moved', before: 'x', after: 'y' },
    { what: 'Files sealed anew', before: 't.csv', after: 'other ciphertexts under the same paths' },
  ]);
});
