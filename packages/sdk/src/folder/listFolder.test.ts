import { createSha256 } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { findMainTable } from './findMainTable.ts';
import { folderName, listFolder } from './listFolder.ts';
import { lookAtFile } from './lookAtFile.ts';
import type { PlainFile } from './sealFolderFile.ts';

const listed = (...paths: string[]): string | { files: { path: string }[]; hidden: number } => {
  try {
    return listFolder(paths.map((path) => ({ path })));
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
};

test('files stand by their paths in the normal form, without what is hidden', () => {
  expect(listed('b/c.csv', '.git/config', 'B.txt', 'b/.x', 'a/gro\u0308ße.csv')).toEqual({ files: [{ path: 'B.txt' }, { path: 'a/größe.csv' }, { path: 'b/c.csv' }], hidden: 2 });
  expect(['birds', 'gro\u0308ße', 'a:b\u0007"c"', ''].map(folderName)).toEqual(['birds', 'größe', 'a_b__c_', 'folder']);
});

test('what cannot be a folder on every system is refused, and so is what no manifest can list', () => {
  expect([listed(), listed('.hidden'), listed('a/CON.txt'), listed('a.csv', 'A.CSV'), listed('a', 'a/b')]).toMatchInlineSnapshot(`
    [
      "BAD_INPUT: There is no file in the folder. Choose a folder with files.",
      "BAD_INPUT: There is no file in the folder. Choose a folder with files.",
      "BAD_INPUT: The folder cannot be published: "a/CON.txt" is the name of a device elsewhere. Rename it, or leave it out.",
      "BAD_INPUT: The folder cannot be published: "A.CSV" and "a.csv" are one elsewhere. Rename it, or leave it out.",
      "BAD_INPUT: The folder cannot be published: "a" and "a" are one elsewhere. Rename it, or leave it out.",
    ]
  `);
  const many = (count: number, length: number): string[] => Array.from({ length: count }, (_, at) => `${String(at).padStart(5, '0')}${'x'.repeat(length)}`);
  for (const paths of [many(3_000, 4), many(10_000, 200)]) expect(listed(...paths)).toMatchObject({ hidden: 0 });
  const long = many(8_000, 0).map((path) => `${`${'漢'.repeat(200)}/`.repeat(4)}${path}`);
  for (const paths of [many(10_001, 0), long]) expect(listed(...paths)).toMatch(/^TOO_LARGE: The folder has \d+ files/);
});

async function* piecesOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

test('a file is looked at in pieces of any size', async () => {
  const bytes = new TextEncoder().encode(`x,y\n${'1,2\n'.repeat(3_000)}`);
  const hash = createSha256();
  hash.update(bytes);
  const expected = { path: 'a/rows.csv', format: 'text/csv', size: bytes.length, sha256: hash.hex() };
  for (const size of [1_000, 4_096, 5_000, bytes.length]) {
    const seen: number[] = [];
    expect(await lookAtFile({ path: 'a/rows.csv', content: piecesOf(bytes, size), onProgress: (done) => seen.push(done) })).toEqual(expected);
    expect(seen.at(-1)).toBe(bytes.length);
  }
  expect(await lookAtFile({ path: 'empty', content: piecesOf(new Uint8Array(), 1) })).toMatchObject({ format: 'text/plain', size: 0 });
  await expect(lookAtFile({ path: 'run', content: piecesOf(new TextEncoder().encode('#!/bin/sh\n'), 3) })).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('the main table is the first that reads as one, or the named one', async () => {
  const file = (path: string, format = 'text/csv', size = 10): PlainFile => ({ path, format, size, sha256: '0'.repeat(64) });
  const files = [file('README.md', 'text/markdown'), file('a.json', 'application/json'), file('b.csv', 'text/csv', 0), file('c.csv'), file('d.csv')];
  const read = (tables: string[]) => async ({ path }: PlainFile, named: boolean): Promise<string | undefined> => (tables.includes(path) ? `${path}${named ? ' named' : ''}` : undefined);
  expect(await findMainTable({ files, read: read(['c.csv', 'd.csv', 'README.md']) })).toEqual({ chosen: files[3], table: 'c.csv' });
  expect(await findMainTable({ files, main: 'd.csv', read: read(['c.csv', 'd.csv']) })).toEqual({ chosen: files[4], table: 'd.csv named' });
  expect(await findMainTable({ files, read: read([]) })).toEqual({ first: files[1] });
  expect(await findMainTable({ files: files.slice(0, 1), read: read(['README.md']) })).toEqual({});
  await expect(findMainTable({ files, main: 'e.csv', read: read([]) })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('There is no e.csv in the folder') });
});
