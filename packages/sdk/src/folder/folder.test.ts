import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type FolderFile, type Manifest, buildManifest, createSha256, encodeFolderIndex, sealedSizeOf } from '@neurodata/protocol';
import { createStorage, memoryBlocks } from '@neurodata/storage';
import { Decrypter } from 'age-encryption';
import { expect, test } from 'vitest';
import { folderFormat } from '../content/folderFormat.ts';
import { folderFileData } from '../hub/folderData.ts';
import { collect } from '../readSealedAsset.ts';
import { checkFolder } from './checkFolder.ts';
import { folderContent } from './folderContent.ts';
import { openFolderFile } from './openFolderFile.ts';
import { openMainTable } from './openMainTable.ts';
import { reuseFiles } from './reuseFiles.ts';
import { type PlainFile, freshFileIdentity, sealFolderFile, storeFolderFile } from './sealFolderFile.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100_000) yield bytes.slice(at, at + 100_000);
}

const storage = createStorage(memoryBlocks());
const large = Uint8Array.from({ length: 2_300_000 }, (_, at) => (at * 31 + (at >> 9)) & 255);
const contents: Record<string, Uint8Array> = { 'train/rows.csv': bytesOf('x,y\n1,2\n3,4\n'), 'empty.txt': new Uint8Array(), 'images/large.bin': large };

function plain(name: string, bytes: Uint8Array): PlainFile {
  const hash = createSha256();
  hash.update(bytes);
  return { path: name, format: 'text/csv', size: bytes.length, sha256: hash.hex() };
}

async function store(name: string, bytes: Uint8Array): Promise<FolderFile> {
  const [file, identity] = [plain(name, bytes), freshFileIdentity()];
  return storeFolderFile({ storage, sealed: sealFolderFile({ content: piecesOf(bytes), file, identity }), file, identity });
}

const files = await Promise.all(Object.entries(contents).map(([name, bytes]) => store(name, bytes)));
const digest = `0x${'ab'.repeat(32)}` as const;

function manifestOf(listed: readonly FolderFile[], main?: string): Manifest {
  const { folder, fileName, mediaType } = folderContent({ name: 'things', files: listed, ...(main === undefined ? {} : { main }) });
  return buildManifest({ description: { title: 'T', description: 'D', license: 'CC0-1.0', tags: [] }, sealed: { format: 'age-encryption.org/v1', cid: files[0]!.cid, size: 1, keysetDigest: digest, contentRoot: digest, contentCommitment: digest, fileName, mediaType, ciphertextSha256: digest }, folder }).manifest;
}

const open = (file: FolderFile): Promise<Uint8Array> => collect(openFolderFile({ storage, file }));
const mismatch = (details: RegExp): object => expect.objectContaining({ code: 'CONTENT_MISMATCH', details: expect.stringMatching(details) });

test('each file of a folder is sealed on its own, and comes back as it was', async () => {
  expect(new Set(files.map(({ cid }) => cid)).size).toBe(3);
  for (const file of files) {
    expect(file.sealedSize).toBe(sealedSizeOf(file.size));
    expect(Buffer.compare(await open(file), contents[file.path]!)).toBe(0);
  }
  const index = encodeFolderIndex(files);
  expect(checkFolder(manifestOf(files), index).files.map((file) => file.path)).toEqual(['empty.txt', 'images/large.bin', 'train/rows.csv']);
  expect(Buffer.from(await openMainTable({ storage, manifest: manifestOf(files, 'train/rows.csv'), content: new Uint8Array(index) })).toString()).toBe('x,y\n1,2\n3,4\n');
  await expect(openMainTable({ storage, manifest: manifestOf(files), content: new Uint8Array(index) })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(openMainTable({ storage, manifest: manifestOf(files, 'images/large.bin'), content: new Uint8Array(index), mostBytes: 2_000_000 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

test('under one seed a file is sealed to the same blocks but for the first, and a copy of it to others', async () => {
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const leaves = async (name: string): Promise<string[]> => {
    const [seen, identity] = [[] as string[], freshFileIdentity()];
    const blocks = memoryBlocks();
    const watched = createStorage({ ...blocks, put: async (cid, bytes) => { seen.push(cid.toString()); await blocks.put(cid, bytes); } });
    const file = plain(name, large);
    expect(Buffer.compare(await collect(openFolderFile({ storage: watched, file: await storeFolderFile({ storage: watched, sealed: sealFolderFile({ content: piecesOf(large), file, identity, seed }), file, identity }) })), large)).toBe(0);
    return seen.slice(0, 3);
  };
  const [first, again, copy] = [await leaves('a.bin'), await leaves('a.bin'), await leaves('b.bin')];
  expect(again.slice(1)).toEqual(first.slice(1));
  expect(new Set([...first, ...again, ...copy]).size).toBe(7);
});

test('a file that is not what the index says is refused, whatever is wrong with it', async () => {
  const [rows, , big] = files as [FolderFile, FolderFile, FolderFile];
  await expect(open({ ...rows, identity: big.identity })).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
  await expect(open({ ...rows, sha256: '0'.repeat(64) })).rejects.toEqual(mismatch(/^Its sha256 is /));
  await expect(open({ ...rows, sealedSha256: '0'.repeat(64) })).rejects.toEqual(mismatch(/^Its sha256 is /));
  await expect(open({ ...rows, size: 11 })).rejects.toEqual(mismatch(/^It is longer than 11 bytes/));
  await expect(open({ ...rows, size: 13 })).rejects.toEqual(mismatch(/^It has 12 bytes instead of 13/));
  await expect(open({ ...big, sealedSize: 1_000 })).rejects.toEqual(mismatch(/^It is longer than 1000 bytes/));
  await expect(open({ ...rows, cid: big.cid })).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
  const at = sealFolderFile({ content: piecesOf(bytesOf('x,y\n1,2\n3,5\n')), file: plain('train/rows.csv', contents['train/rows.csv']!), identity: rows.identity });
  await expect(collect(at)).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('train/rows.csv was changed while it was published') });
});

test('an index that names others than the manifest is refused', () => {
  const manifest = manifestOf(files, 'train/rows.csv');
  const with_ = (change: (file: FolderFile) => FolderFile): Uint8Array => encodeFolderIndex(files.map(change));
  expect(() => checkFolder(manifest, encodeFolderIndex(files.slice(1)))).toThrow(mismatch(/names 2 files, the manifest lists 3/));
  expect(() => checkFolder(manifest, with_((file) => ({ ...file, cid: files[0]!.cid })))).toThrow(mismatch(/the manifest says cid/));
  expect(() => checkFolder(manifest, with_((file) => ({ ...file, path: `${file.path}x` })))).toThrow(mismatch(/the manifest says path/));
  expect(() => checkFolder(manifest, with_((file) => ({ ...file, format: 'text/plain' })))).toThrow(mismatch(/is text\/csv, the index "text\/plain"/));
});

test('what a version before has is taken over; a copy of what is still there is not', () => {
  const now = [plain('train/rows.csv', contents['train/rows.csv']!), plain('copy.csv', contents['train/rows.csv']!), plain('pictures/large.bin', large), plain('new.txt', bytesOf('new'))];
  const reused = reuseFiles(files, now);
  expect([...reused.keys()]).toEqual(['train/rows.csv', 'pictures/large.bin']);
  expect(reused.get('pictures/large.bin')).toEqual({ ...files[2]!, path: 'pictures/large.bin' });
  expect(reuseFiles(files, [plain('train/rows.csv', bytesOf('x,y\n9,9\n'))]).size).toBe(0);
});

test('any part of a file is read, and the whole only where it is right', async () => {
  const [, , file] = files as [FolderFile, FolderFile, FolderFile];
  const data = folderFileData(storage, file);
  for (const [offset, length] of [[0, file.size], [0, 1], [65_530, 20], [1_048_570, 100], [file.size - 3, 3], [2_000_000, 300_000]] as const) {
    expect(Buffer.compare(await collect(data.read({ offset, length })), large.subarray(offset, offset + length))).toBe(0);
  }
  const empty = files[1]!;
  expect(await collect(folderFileData(storage, empty).read({ offset: 0, length: 0 }))).toHaveLength(0);
  const pieces: Uint8Array[] = [];
  const lying = folderFileData(storage, { ...file, sha256: '0'.repeat(64) });
  await expect((async () => {
    for await (const piece of lying.read({ offset: 0, length: file.size })) pieces.push(piece);
  })()).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
  expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(2 * 1024 * 1024);
});

test('what a file in a folder is, and what may not be in one', () => {
  const raw = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const formatOf = (name: string, head: Uint8Array): string => {
    try {
      return folderFormat({ path: name, head, last: head.slice(-1) });
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect([
    formatOf('a/rows.csv', raw('x\n1\n')), formatOf('README.md', raw('# hi')), formatOf('notes', raw('words')), formatOf('x.bin', raw('PAR1')), formatOf('x.csv', raw('\x89PNG\r\n\x1a\n')), formatOf('empty', raw('')),
    formatOf('w.pkl', raw('x')), formatOf('a.csv', raw('\x80\x04\x95\x0a')), formatOf('run', raw('#!/bin/sh\n')), formatOf('in.zip', raw('PK\x03\x04')), formatOf('a.dat', raw('\0\x01\x02')),
  ]).toMatchInlineSnapshot(`
    [
      "text/csv",
      "text/markdown",
      "text/plain",
      "application/vnd.apache.parquet",
      "image/png",
      "text/plain",
      ""w.pkl" may not be in a folder: it is, or may hold, what runs when it is opened. Save a model as safetensors or ONNX, a table as CSV or Parquet.",
      ""a.csv": The file is a Python pickle: opening one runs whatever its maker put into it. Save a model as safetensors or ONNX, a table as CSV or Parquet.",
      ""run": The file is a program. Publish data or a model: programs are neither.",
      ""in.zip" is an archive. Unpack it: a folder keeps its files.",
      ""a.dat" is neither a table (CSV, JSON, NDJSON, Parquet, Arrow) nor an image (PNG, JPEG, WebP, GIF) nor a text in UTF-8. Leave that file out.",
    ]
  `);
});

test('another age opens a file with the identity that the index holds', async () => {
  for (const file of files) {
    const decrypter = new Decrypter();
    decrypter.addIdentity(file.identity);
    expect(Buffer.compare(await decrypter.decrypt(await collect(storage.readFile({ cid: file.cid }))), contents[file.path]!)).toBe(0);
  }
});

function hasStockAge(): boolean {
  try {
    execFileSync('age', ['--version']);
    return true;
  } catch {
    console.info('stock age is not on PATH: whether it opens the files of folders is not checked (apt install age)');
    return false;
  }
}

if (hasStockAge()) {
  test('stock age opens a file with the identity that the index holds', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'neurodata-folder-'));
    try {
      const [rows] = files as [FolderFile];
      writeFileSync(path.join(folder, 'key.txt'), `${rows.identity}\n`);
      const input = await collect(storage.readFile({ cid: rows.cid }));
      expect(execFileSync('age', ['--decrypt', '-i', path.join(folder, 'key.txt')], { input }).toString()).toBe('x,y\n1,2\n3,4\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
