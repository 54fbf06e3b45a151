import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decrypter, Encrypter } from 'age-encryption';
import { expect, test } from 'vitest';
import { collect, edgeLengths, pieces, sampleBytes } from '../test/streams.ts';
import { createFileKey, createIdentity, decodeIdentity, encodeIdentity, encodeRecipient, recipientStanza, seal, sealToRecipients, splitSecret, thresholdStanza, unseal } from './index.ts';

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

test('age-encryption opens what we seal, and the other way round', async () => {
  const identity = createIdentity();
  const decrypter = new Decrypter();
  decrypter.addIdentity(encodeIdentity(identity));
  const encrypter = new Encrypter();
  encrypter.addRecipient(encodeRecipient(identity.publicKey));
  for (const length of edgeLengths) {
    const plaintext = sampleBytes(length);
    const ours = await collect(sealToRecipients({ plaintext: pieces(plaintext), recipients: [createIdentity().publicKey, identity.publicKey] }));
    expect(same(await decrypter.decrypt(ours), plaintext)).toBe(true);
    const theirs = await encrypter.encrypt(plaintext);
    expect(same(await collect(unseal({ ciphertext: pieces(theirs), identities: [identity] })), plaintext)).toBe(true);
  }
});

test('age-encryption opens a threshold file through a custom identity that holds the file key', async () => {
  const fileKey = createFileKey();
  const stanza = thresholdStanza({ secret: splitSecret({ threshold: 2, count: 3 }).secret, fileKey, keysetDigest: `0x${'ab'.repeat(32)}` });
  const plaintext = sampleBytes(100_000);
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: (stanzas) => (stanzas[0]?.args[0] === 'neurodata-threshold' ? fileKey : null) });
  expect(same(await decrypter.decrypt(await collect(seal({ plaintext: pieces(plaintext), fileKey, stanzas: [stanza] }))), plaintext)).toBe(true);
});

/** The version of the stock tool, or undefined with the reason printed. */
function findStockAge(): string | undefined {
  try {
    return execFileSync('age', ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    console.info('stock age is not on PATH: interop is checked against npm age-encryption only (apt install age)');
    return undefined;
  }
}

if (findStockAge()) {
  test('stock age opens what we seal, threshold stanza beside it, and the other way round', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealing-'));
    try {
      const identity = createIdentity();
      const keyFile = join(folder, 'key.txt');
      writeFileSync(keyFile, `${encodeIdentity(identity)}\n`);
      const plaintext = sampleBytes(200_000);
      const fileKey = createFileKey();
      const stanzas = [
        thresholdStanza({ secret: splitSecret({ threshold: 1, count: 1 }).secret, fileKey, keysetDigest: `0x${'cd'.repeat(32)}` }),
        recipientStanza(fileKey, identity.publicKey),
      ];
      const ours = await collect(seal({ plaintext: pieces(plaintext), fileKey, stanzas }));
      expect(same(execFileSync('age', ['--decrypt', '-i', keyFile], { input: ours }), plaintext)).toBe(true);
      const theirs = execFileSync('age', ['--encrypt', '-r', encodeRecipient(identity.publicKey)], { input: plaintext });
      expect(same(await collect(unseal({ ciphertext: pieces(theirs), identities: [identity] })), plaintext)).toBe(true);
      const made = execFileSync('age-keygen', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      const [, recipient, secret] = /public key: (age1\S+)\n(AGE-SECRET-KEY-1\S+)/.exec(made) ?? [];
      expect(encodeRecipient(decodeIdentity(secret ?? '').publicKey)).toBe(recipient);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
