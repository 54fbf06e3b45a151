import { type FolderFile, type Manifest, buildManifest, createSha256, encodeFolderIndex, sealedSizeOf } from '@neurodata/protocol';
import { folderContent, freshFileIdentity, sealFolderFile, storeFolderFile } from '@neurodata/sdk';
import { createStorage, memoryBlocks } from '@neurodata/storage';
import { expect, test } from 'vitest';
import { MAX_CONTENT_BYTES } from './readContent.ts';
import type { CheckContext } from './readContent.ts';
import { checkSealedFiles, readFiles } from './readFiles.ts';

const storage = createStorage(memoryBlocks());
const context = { setup: { client: { storage } }, signal: new AbortController().signal } as unknown as CheckContext;
const digest = `0x${'ab'.repeat(32)}` as const;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function store(path: string, content: string | Uint8Array): Promise<FolderFile> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const hash = createSha256();
  hash.update(bytes);
  const [file, identity] = [{ path, format: path.endsWith('.csv') ? 'text/csv' : 'text/plain', size: bytes.length, sha256: hash.hex() }, freshFileIdentity()];
  return storeFolderFile({ storage, sealed: sealFolderFile({ content: once(bytes), file, identity }), file, identity });
}

function folderOf(files: readonly FolderFile[], main?: string): { manifest: Manifest; content: Uint8Array<ArrayBuffer> } {
  const { folder, fileName, mediaType } = folderContent({ name: 'f', files, ...(main === undefined ? {} : { main }) });
  const { manifest } = buildManifest({ description: { title: 'T', description: 'D', license: 'CC0-1.0', tags: [] }, sealed: { format: 'age-encryption.org/v1', cid: files[0]!.cid, size: 1, keysetDigest: digest, contentRoot: digest, contentCommitment: digest, fileName, mediaType, ciphertextSha256: digest }, folder });
  return { manifest, content: new Uint8Array(encodeFolderIndex(files)) };
}

const [table, note] = await Promise.all([store('a/rows.csv', 'x,y\n1,2\n'), store('note.txt', 'words')]);
const said = (files: readonly FolderFile[]): Promise<string> => readFiles({ context, ...folderOf(files) }).then(() => 'accepted', (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`);

test('an honest folder gives its main table; one without gives none', async () => {
  expect(Buffer.from((await readFiles({ context, ...folderOf([table, note], 'a/rows.csv') })).main!).toString()).toBe('x,y\n1,2\n');
  expect(await readFiles({ context, ...folderOf([table, note]) })).toEqual({ main: undefined, tables: new Map() });
  await checkSealedFiles({ context, manifest: folderOf([table, note]).manifest });
});

test('a folder with a wrong file is refused for good, with the file and the reason', async () => {
  expect(await said([table, { ...note, sha256: '0'.repeat(64) }])).toMatch(/^Refusal: The folder's file "note.txt": "note.txt" is not what its publisher committed to.* Its sha256 is /);
  expect(await said([table, { ...note, identity: table.identity }])).toMatch(/^Refusal: The folder's file "note.txt": .*is not what its publisher committed to/);
  expect(await said([table, await store('run.txt', '#!/bin/sh\nrm -rf /\n')])).toMatch(/^Refusal: The folder's file "run.txt": "run.txt": The file is a program/);
  expect(await said([table, await store('deep/weights.pkl', 'x')])).toMatch(/^Refusal: .*"deep\/weights.pkl" may not be in a folder/);
  expect(await said([table, await store('data.bin', Uint8Array.of(0, 1, 2))])).toMatch(/^Refusal: .*neither a table/);
  const { manifest } = folderOf([table, note]);
  await expect(readFiles({ context, manifest, content: new Uint8Array(encodeFolderIndex([table])) })).rejects.toThrow(/^The folder: .*is not what its manifest describes.*names 1 files, the manifest lists 2/s);
});

test('a folder that is larger than validators read is not fetched', async () => {
  const size = MAX_CONTENT_BYTES;
  const { cid } = await createStorage(memoryBlocks()).addRaw(new Uint8Array(9));
  expect(await said([table, { ...note, size, sealedSize: sealedSizeOf(size), cid }])).toBe(`Refusal: The folder's files have ${size + 8} bytes; validators read at most ${size}.`);
});

test('ciphertexts are compared with the manifest where the content may not be read', async () => {
  const check = (files: readonly FolderFile[]): Promise<void> => checkSealedFiles({ context, manifest: folderOf(files).manifest });
  await expect(check([table, { ...note, sealedSha256: '0'.repeat(64) }])).rejects.toThrow('The sealed file of "note.txt" has another sha256 than the manifest says.');
  await expect(check([table, { ...note, size: 4, sealedSize: note.sealedSize - 1 }])).rejects.toThrow('The sealed file of "note.txt" is longer than the 204 bytes of the manifest.');
  await expect(check([table, { ...note, size: 6, sealedSize: note.sealedSize + 1 }])).rejects.toThrow('The sealed file of "note.txt" has 205 bytes, the manifest says 206.');
});
