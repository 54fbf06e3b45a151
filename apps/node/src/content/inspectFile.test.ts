import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectFile } from './inspectFile.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neurodata-content-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
type ZipEntry = { name: string; data?: Buffer | string; mode?: number; localName?: string; flags?: number; size?: number };

/** A zip file, written by hand so that it may be wrong. */
function zipOf(entries: ZipEntry[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data = '', mode = 0o100644, localName = name, flags = 0, size } of entries) {
    const plain = Buffer.from(data);
    const packed = deflateRawSync(plain);
    const common = (length: number): Buffer => {
      const part = Buffer.alloc(22);
      part.writeUInt16LE(flags, 0);
      part.writeUInt16LE(8, 2);
      part.writeUInt32LE(crc32(plain), 8);
      part.writeUInt32LE(packed.length, 12);
      part.writeUInt32LE(size ?? plain.length, 16);
      part.writeUInt16LE(length, 20);
      return part;
    };
    const local = Buffer.concat([Buffer.from('504b03041400', 'hex'), common(Buffer.byteLength(localName)), Buffer.alloc(2), Buffer.from(localName), packed]);
    const tail = Buffer.alloc(16);
    tail.writeUInt32LE((mode << 16) >>> 0, 8);
    tail.writeUInt32LE(offset, 12);
    directory.push(Buffer.concat([Buffer.from('504b010214031400', 'hex'), common(Buffer.byteLength(name)), tail.subarray(0, 16), Buffer.from(name)]));
    bodies.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, listed, end]);
}

async function tarOf(entries: (Partial<Header> & Pick<Header, 'name'> & { data?: string | Buffer })[]): Promise<Buffer> {
  const tar = pack();
  for (const { data = '', ...header } of entries) tar.entry(header, data);
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

let files = 0;
async function said(bytes: Uint8Array, limits = {}): Promise<unknown> {
  const file = path.join(folder, `file-${files += 1}.csv`);
  await writeFile(file, bytes);
  return inspectFile(file, limits).then(({ format, archive }) => ({ format, ...archive }), (error: unknown) => `${(error as { code: string }).code}: ${(error as Error).message}`);
}

const folderOf = [{ name: 'images/', data: '' }, { name: 'images/a.png', data: png }, { name: 'notes/é.txt', data: 'words\n' }];

test('folders of images and texts, whatever the file is called', async () => {
  expect(await said(zipOf(folderOf))).toEqual({ format: 'zip', files: 2, bytes: 22, kinds: { png: 1, text: 1 } });
  const tar = await tarOf([{ name: './', type: 'directory' }, { name: './images/a.png', data: png }, { name: 'notes/é.txt', data: 'words\n' }]);
  expect(await said(tar)).toEqual({ format: 'tar', files: 2, bytes: 22, kinds: { png: 1, text: 1 } });
  expect(await said(gzipSync(tar))).toEqual({ format: 'gzip', files: 2, bytes: 22, kinds: { png: 1, text: 1 } });
  expect(await said(Buffer.from('a,b\n1,2\n'))).toEqual({ format: 'csv' });
});

test('tricks with names, and entries that are no files', async () => {
  const one = (name: string, more: Partial<ZipEntry> = {}): Buffer => zipOf([{ name, data: 'x', ...more }]);
  expect(await Promise.all([
    one('../a.txt'), one('a/../../b.txt'), one('/etc/passwd'), one('C:/a.txt'), one('a\\..\\b.txt'), one('a\0b.txt'), one('a//b.txt'), one('a. '), one('link', { mode: 0o120777 }), one('fifo', { mode: 0o010644 }),
    one('a.txt', { localName: 'b.txt' }), one('a.txt', { flags: 1 }), zipOf([{ name: 'A.txt', data: 'x' }, { name: 'a.TXT', data: 'y' }]), zipOf([{ name: 'a', data: 'x' }, { name: 'a/b', data: 'y' }]), zipOf([{ name: 'a', data: 'x' }, { name: 'a', data: 'x' }]),
  ].map((bytes) => said(bytes)))).toMatchInlineSnapshot(`
    [
      "BAD_INPUT: The archive holds a name that leads out of its folder: "../a.txt". Pack a folder of files with plain names.",
      "BAD_INPUT: The archive holds a name that leads out of its folder: "a/../../b.txt". Pack a folder of files with plain names.",
      "BAD_INPUT: The archive holds a name that begins at the root: "/etc/passwd". Pack a folder of files with plain names.",
      "BAD_INPUT: The archive holds a name that begins at the root: "C:/a.txt". Pack a folder of files with plain names.",
      "BAD_INPUT: The archive holds a name with a backslash: "a\\\\..\\\\b.txt". Pack a folder of files with plain names.",
      "BAD_INPUT: The archive holds a name with control characters: "a\\u0000b.txt". Pack a folder of files with plain names.",
      "BAD_INPUT: The archive holds a name with an empty part: "a//b.txt". Pack a folder of files with plain names.",
      "BAD_INPUT: The archive holds a name that ends with a blank or a full stop: "a. ". Pack a folder of files with plain names.",
      "BAD_INPUT: The archive holds a symbolic link: "link". Pack files and folders only.",
      "BAD_INPUT: The archive holds a device or a pipe: "fifo". Pack files and folders only.",
      "BAD_INPUT: The archive calls a file by two names, "a.txt" and another one. Pack the files again.",
      "BAD_INPUT: The archive holds an encrypted file: "a.txt". Pack it without a password: sealing is done here.",
      "BAD_INPUT: The archive holds two entries that are one elsewhere: "A.txt" and "a.TXT". Give every file a name of its own, whatever its case.",
      "BAD_INPUT: The archive holds two entries that are one elsewhere: "a" and "a". Give every file a name of its own, whatever its case.",
      "BAD_INPUT: The archive holds two entries that are one elsewhere: "a" and "a". Give every file a name of its own, whatever its case.",
    ]
  `);
  const tars: [string, Partial<Header> & Pick<Header, 'name'>][] = [['symlink', { name: 'a', type: 'symlink', linkname: '/etc/passwd' }], ['hard link', { name: 'a', type: 'link', linkname: 'b' }], ['device', { name: 'a', type: 'character-device' }], ['pipe', { name: 'a', type: 'fifo' }]];
  for (const [, header] of tars) expect(await said(gzipSync(await tarOf([header])))).toMatch(/^BAD_INPUT: The archive holds a/);
  expect(tars).toHaveLength(4);
  expect(await said(await tarOf([{ name: '../up.txt', data: 'x' }]))).toMatch(/leads out of its folder/);
  expect(await said(await tarOf([{ name: '/root.txt', data: 'x' }]))).toMatch(/begins at the root/);
});

test('what must not be inside', async () => {
  expect(await Promise.all([
    zipOf([{ name: 'model/data.pkl', data: 'x' }]), zipOf([{ name: 'a.txt', data: 'x' }, { name: 'weights.bin', data: Buffer.from('80049500', 'hex') }]), zipOf([{ name: 'run', data: '#!/bin/sh\n' }]), zipOf([{ name: 'inner', data: zipOf(folderOf) }]),
    zipOf([{ name: 'inner', data: gzipSync('x') }]), zipOf([{ name: 'a.bin', data: Buffer.from([1, 2, 3]) }]), zipOf([{ name: 'readme.txt', data: 'x' }, { name: 'xl/workbook.xml', data: 'x' }]), zipOf([]), gzipSync('a,b\n1,2\n'), zipOf(folderOf).subarray(0, 90),
  ].map((bytes) => said(bytes)))).toMatchInlineSnapshot(`
    [
      "BAD_INPUT: The archive holds "model/data.pkl", a Python pickle or what may hold one: opening it runs whatever its maker put into it. Save a model as safetensors or ONNX, a table as CSV or Parquet.",
      "BAD_INPUT: "weights.bin" in the archive: The file is a Python pickle: opening one runs whatever its maker put into it. Save a model as safetensors or ONNX, a table as CSV or Parquet.",
      "BAD_INPUT: "run" in the archive: The file is a program. Publish data or a model: programs are neither.",
      "BAD_INPUT: The archive holds an archive: "inner". Unpack it first: an archive in an archive hides what it holds.",
      "BAD_INPUT: The archive holds an archive: "inner". Unpack it first: an archive in an archive hides what it holds.",
      "BAD_INPUT: The archive holds what is neither an image (PNG, JPEG, WebP, GIF) nor a text: "a.bin". Leave that file out.",
      "BAD_INPUT: The file is a spreadsheet or an office document, which may hold formulas and macros. Export the sheet as CSV.",
      "BAD_INPUT: The archive is empty. Pack the files that you want to publish.",
      "BAD_INPUT: The gzip file holds no tar file that can be read to its end. Unpack it, or pack a folder as tar.gz.",
      "BAD_INPUT: The zip file cannot be read to its end. Pack the files again.",
    ]
  `);
});

test('bombs end where the limit is', async () => {
  const zeros = Buffer.alloc(40 * 2 ** 20, 0x20);
  expect(await said(zipOf([{ name: 'a.txt', data: zeros }]))).toMatch(/^BAD_INPUT: The archive unpacks to more than 200 times its size/);
  expect(await said(gzipSync(await tarOf([{ name: 'a.txt', data: zeros }])))).toMatch(/more than 200 times its size/);
  // Behind the end of the archive.
  expect(await said(gzipSync(Buffer.concat([await tarOf([{ name: 'a.txt', data: 'x' }]), Buffer.alloc(100 * 2 ** 20)])))).toMatch(/very many times its size/);
  expect(await said(zipOf([{ name: 'a.txt', data: 'x'.repeat(100) }]), { mostBytes: 99 })).toMatch(/more than 99 bytes/);
  expect(await said(zipOf(folderOf), { mostFiles: 1 })).toMatch(/more than 1 files/);
  // It says that it has a byte, and has a hundred.
  expect(await said(zipOf([{ name: 'a.txt', data: 'x'.repeat(100), size: 1 }]))).toMatch(/^BAD_INPUT: The zip file cannot be read to its end/);
});

test('a file that is not there', async () => {
  await expect(inspectFile(path.join(folder, 'absent'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(inspectFile(folder)).rejects.toMatchObject({ code: 'BAD_INPUT' });
});
