import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createIdentity, sealToRecipients, unseal } from '@neurodata/sealing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPieces } from './readPieces.ts';

let folder = '';

beforeAll(async () => { folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-pieces-')); });
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([0, 1, 999, 1_000, 1_001, 5_000, 12_345])('a file of %i bytes comes whole, and a piece stays until the second one after it', async (length) => {
  const bytes = randomBytes(length);
  const file = path.join(folder, `${length}`);
  await writeFile(file, bytes);
  const copies: Buffer[] = [];
  let [before, sum]: [Uint8Array | undefined, number] = [undefined, 0];
  for await (const piece of readPieces(file, 1_000)) {
    if (before) expect(Buffer.compare(before, copies.at(-1) as Buffer)).toBe(0);
    copies.push(Buffer.from(piece));
    sum += piece.length;
    before = piece;
  }
  expect(sum).toBe(length);
  expect(Buffer.compare(Buffer.concat(copies), bytes)).toBe(0);
});

test.each([65_536, 100_000, 1 << 20])('what is sealed from pieces of %i bytes is the file', async (size) => {
  const bytes = randomBytes(size * 5 + 123);
  const file = path.join(folder, 'sealed');
  await writeFile(file, bytes);
  const identity = createIdentity();
  const opened: Uint8Array[] = [];
  for await (const piece of unseal({ ciphertext: sealToRecipients({ plaintext: readPieces(file, size), recipients: [identity.publicKey] }), identities: [identity] })) opened.push(piece.slice());
  expect(Buffer.compare(Buffer.concat(opened), bytes)).toBe(0);
});

test('a file that is not there, and one that is left before its end', async () => {
  await expect(readPieces(path.join(folder, 'none')).next()).rejects.toMatchObject({ code: 'ENOENT' });
  const file = path.join(folder, 'left');
  await writeFile(file, randomBytes(10_000));
  for await (const piece of readPieces(file, 1_000)) {
    expect(piece.length).toBe(1_000);
    break;
  }
});
