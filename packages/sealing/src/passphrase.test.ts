import { expect, test } from 'vitest';
import { codeOf, collect, pieces, sampleBytes } from '../test/streams.ts';
import { fromHex, utf8 } from './bytes.ts';
import { checkOpening, combineOpening, sealToPassphrase, splitSecret, unseal } from './index.ts';
import { unwrapForPassphrase } from './passphraseStanza.ts';

const work = 10;

test('a passphrase opens what it sealed, and no other one does', async () => {
  const plaintext = sampleBytes(70_000);
  const file = await collect(sealToPassphrase({ plaintext: pieces(plaintext), passphrase: 'correct horse', work }));
  expect(Buffer.compare(await collect(unseal({ ciphertext: pieces(file), passphrase: 'correct horse' })), plaintext)).toBe(0);
  expect(await codeOf(() => collect(unseal({ ciphertext: pieces(file), passphrase: 'wrong horse' })))).toBe('WRONG_KEY');
  expect(await codeOf(() => collect(unseal({ ciphertext: pieces(file) })))).toBe('WRONG_KEY');
  expect(await codeOf(() => sealToPassphrase({ plaintext: pieces(plaintext), passphrase: '' }))).toBe('BAD_KEY');
}, 60_000);

test('a malformed passphrase stanza is refused before any work', async () => {
  const good = { type: 'scrypt', args: ['rF0/NwblUHHTpgQgRpe5CQ', '10'], body: new Uint8Array(32) };
  for (const change of [{ args: [good.args[0]!, '23'] }, { args: [good.args[0]!, '010'] }, { args: ['AAAA', '10'] }, { args: [good.args[0]!] }, { body: new Uint8Array(31) }]) {
    expect(await codeOf(() => unwrapForPassphrase([{ ...good, ...change }], 'x'))).toBe('BAD_HEADER');
  }
});

test('an opening shows that the secret is the committed one', () => {
  const { secret, commitments, shares } = splitSecret({ threshold: 3, count: 5 });
  const opening = combineOpening(shares.slice(1, 4), commitments);
  expect(opening.secret).toEqual(secret);
  expect(checkOpening(opening, commitments)).toBe(true);
  expect(checkOpening({ ...opening, secret: utf8('x'.repeat(32)) }, commitments)).toBe(false);
  expect(checkOpening({ ...opening, blinding: fromHex(`0x${'ff'.repeat(32)}`)! }, commitments)).toBe(false);
  expect(checkOpening(opening, [])).toBe(false);
});
