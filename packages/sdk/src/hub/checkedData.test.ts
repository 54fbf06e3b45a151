import { CONTENT_CHUNK_LENGTH, createContentHasher, createFileKey, seal, splitSecret, thresholdStanza } from '@neurodata/sealing';
import { type Storage, createStorage, memoryBlocks } from '@neurodata/storage';
import type { Hex } from 'viem';
import { expect, test } from 'vitest';
import { collect } from '../readSealedAsset.ts';
import { openCheckedData, sizeInTheClear } from './checkedData.ts';

const { secret } = splitSecret({ threshold: 2, count: 3 });

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

type Stored = { storage: Storage; cid: string; sealedSize: number; contentRoot: Hex; plaintext: Uint8Array };

async function stored(length: number): Promise<Stored> {
  const plaintext = Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 12)) % 251);
  const fileKey = createFileKey();
  const ciphertext = await collect(seal({ plaintext: once(plaintext), fileKey, stanzas: [thresholdStanza({ secret, fileKey, keysetDigest: `0x${'ab'.repeat(32)}` })] }));
  const storage = createStorage(memoryBlocks());
  const { cid } = await storage.addFile({ content: once(ciphertext) });
  const hasher = createContentHasher(secret);
  hasher.update(plaintext);
  return { storage, cid, sealedSize: ciphertext.length, contentRoot: hasher.finish().contentRoot as Hex, plaintext };
}

const open = (file: Stored, more: object = {}) => openCheckedData({ ...file, secret, what: 'asset 1 version 1', ...more });

/** What came before the end, and the code of what was thrown. */
async function drain(bytes: AsyncIterable<Uint8Array>): Promise<{ length: number; code: string }> {
  let length = 0;
  try {
    for await (const piece of bytes) length += piece.length;
    return { length, code: 'OK' };
  } catch (error) {
    return { length, code: (error as { code: string }).code };
  }
}

test('every range is the slice of the plaintext, from one file and many readers', async () => {
  const MiB = CONTENT_CHUNK_LENGTH;
  for (const size of [0, 1, 65_536, MiB, 2 * MiB + 7]) {
    const file = await stored(size);
    expect(await sizeInTheClear({ ...file, size: file.sealedSize })).toBe(size);
    const data = await open(file);
    expect(data.size).toBe(size);
    expect(Buffer.compare(await collect(data.read({ offset: 0, length: size })), file.plaintext)).toBe(0);
    expect(data.isChecked()).toBe(true);
    for (const [offset, length] of [[0, 1], [Math.max(0, size - 1), 1], [size >> 1, 100_000], [MiB - 3, 9]] as const) {
      if (offset + length > size) continue;
      expect(Buffer.compare(await collect(data.read({ offset, length })), file.plaintext.subarray(offset, offset + length))).toBe(0);
    }
  }
});

test('content that is not what the chain holds: a part gives nothing, the whole never its end', async () => {
  const file = { ...(await stored(3 * CONTENT_CHUNK_LENGTH)), contentRoot: `0x${'11'.repeat(32)}` as Hex };
  expect(await drain((await open(file)).read({ offset: 10, length: 20 }))).toEqual({ length: 0, code: 'CONTENT_MISMATCH' });
  const whole = await open(file);
  expect(await drain(whole.read({ offset: 0, length: whole.size }))).toEqual({ length: 2 * CONTENT_CHUNK_LENGTH, code: 'CONTENT_MISMATCH' });
  // From then on it gives nothing at all.
  expect(await drain(whole.read({ offset: 0, length: whole.size }))).toEqual({ length: 0, code: 'CONTENT_MISMATCH' });
});

test('of a file too large to be read for a part, the encryption is what a part proves', async () => {
  const file = await stored(4 * CONTENT_CHUNK_LENGTH);
  const data = await open(file, { mostExtraLeaves: 2 });
  const part = { offset: CONTENT_CHUNK_LENGTH, length: 100 };
  expect(data.checks(part)).toBe('encryption');
  expect(await collect(data.read(part))).toEqual(file.plaintext.slice(part.offset, part.offset + part.length));
  expect([data.isChecked(), data.checks({ offset: 0, length: data.size })]).toEqual([false, 'content']);
  await collect(data.read({ offset: 0, length: data.size }));
  expect([data.isChecked(), data.checks(part)]).toEqual([true, 'content']);
});

test('a resumed download is checked whole: what was read before counts', async () => {
  const file = { ...(await stored(6 * CONTENT_CHUNK_LENGTH)), contentRoot: `0x${'11'.repeat(32)}` as Hex };
  const data = await open(file, { mostExtraLeaves: 1 });
  const broken = data.read({ offset: 0, length: data.size })[Symbol.asyncIterator]();
  for (let piece = 0; piece < 4; piece += 1) await broken.next();
  await broken.return?.();
  const offset = 4 * CONTENT_CHUNK_LENGTH - 100;
  expect(await drain(data.read({ offset, length: data.size - offset }))).toEqual({ length: 100 + CONTENT_CHUNK_LENGTH, code: 'CONTENT_MISMATCH' });
});

test('a block that was changed, a wrong key and a wrong size are refused', async () => {
  const file = await stored(2 * CONTENT_CHUNK_LENGTH);
  const changed: Pick<Storage, 'readFile'> = {
    async* readFile(parameters) {
      let at = parameters.offset ?? 0;
      for await (const bytes of file.storage.readFile(parameters)) {
        const copy = Uint8Array.from(bytes);
        if (at <= 1_500_000 && at + copy.length > 1_500_000) copy[1_500_000 - at]! ^= 1;
        at += copy.length;
        yield copy;
      }
    },
  };
  const data = await open({ ...file, storage: changed as Storage });
  expect(await drain(data.read({ offset: 0, length: data.size }))).toEqual({ length: CONTENT_CHUNK_LENGTH, code: 'CONTENT_MISMATCH' });
  expect(await drain(data.read({ offset: 1_450_000, length: 10 }))).toEqual({ length: 0, code: 'CONTENT_MISMATCH' });
  await expect(openCheckedData({ ...file, secret: new Uint8Array(32).fill(1), what: '' })).rejects.toMatchObject({ code: 'WRONG_KEY' });
  const short = await open({ ...file, sealedSize: file.sealedSize - 1 });
  expect((await drain(short.read({ offset: 0, length: short.size }))).code).toBe('CONTENT_MISMATCH');
});
