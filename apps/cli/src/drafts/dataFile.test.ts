import { expect, test } from 'vitest';
import { filesToPublish } from './dataFile.ts';
import type { Draft } from './draft.ts';

const draftOf = (kind: Draft['kind'], ...paths: string[]): Draft => ({ version: 1, draftId: '00000000', kind, repo: 'me/x', files: paths.map((path) => ({ path, oid: 'a'.repeat(64), size: 1 })), message: '', createdAt: 0, changedAt: 0 });
const chosen = (draft: Draft, named?: string): string[] => filesToPublish(draft, named).map(({ path }) => path);

test('what describes data is no data; several files of a dataset are a folder, of a model none', () => {
  expect(chosen(draftOf('dataset', 'README.md', '.gitattributes', 'croissant.json', 'LICENSE', 'data/rows.csv'))).toEqual(['data/rows.csv']);
  expect(chosen(draftOf('dataset', 'README.md', 'a.csv', 'b/c.csv'))).toEqual(['a.csv', 'b/c.csv']);
  expect(chosen(draftOf('dataset', 'a.csv', 'b/c.csv'), 'b/c.csv')).toEqual(['b/c.csv']);
  expect(chosen(draftOf('model', 'config.txt', 'net.onnx'))).toEqual(['net.onnx']);
  expect(() => chosen(draftOf('model', 'a.onnx', 'b.onnx'))).toThrow(/a model is one file/);
  expect(() => chosen(draftOf('dataset', 'README.md'))).toThrow(/no data yet/);
  expect(() => chosen(draftOf('dataset', 'a.csv'), 'c.csv')).toThrow(/holds no c\.csv/);
});
