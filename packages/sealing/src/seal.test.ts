import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codeOf, collect, drain, pieces, sampleBytes } from '../test/streams.ts';
import * as api from './index.ts';
import { createFileKey, createIdentity, decodeIdentity, decodeRecipient, encodeIdentity, encodeRecipient, identityFromSecret, MAX_HEADER_LENGTH, readHeader, recipientStanza, seal, sealToRecipients, SealingError, thresholdStanza, unseal, unwrapThreshold } from './index.ts';

const keysetDigest = `0x${'11'.repeat(32)}` as const;
const secret = sampleBytes(32);

test('exports', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "CONTENT_CHUNK_LENGTH",
      "GRANTED_SHARE_LENGTH",
      "KEYSET_SUITE",
      "MAX_HEADER_LENGTH",
      "MAX_SHARES",
      "PEDERSEN_DST",
      "PEDERSEN_MESSAGE",
      "SEALED_SHARE_LENGTH",
      "SealingError",
      "THRESHOLD_STANZA",
      "checkContent",
      "checkDealing",
      "checkDisclosure",
      "checkEpochKeyset",
      "checkOpening",
      "checkShare",
      "checkShareProof",
      "combineOpening",
      "combineShares",
      "contentLeaf",
      "contentLeafSalt",
      "contentRootOf",
      "createContentHasher",
      "createEpochKeyset",
      "createFileKey",
      "createIdentity",
      "createKeyset",
      "createRangeReader",
      "dealShare",
      "decodeIdentity",
      "decodeRecipient",
      "deriveIdentity",
      "deriveRunIdentity",
      "discloseShare",
      "encodeIdentity",
      "encodeRecipient",
      "epochOf",
      "expectContent",
      "grantContext",
      "identityFromSecret",
      "keysetDigest",
      "keysetShareContext",
      "openEpochShare",
      "openGrant",
      "openKeysetShare",
      "openShare",
      "parseEpochKeyset",
      "parseKeyset",
      "pedersenGenerator",
      "plaintextSize",
      "proveShare",
      "readHeader",
      "recipientStanza",
      "repeatableKeys",
      "seal",
      "sealGrant",
      "sealShare",
      "sealToPassphrase",
      "sealToRecipients",
      "splitSecret",
      "thresholdStanza",
      "unseal",
      "unsealRange",
      "unwrapThreshold",
    ]
  `);
});

test('identities and recipients in age\'s own encoding', () => {
  const identity = identityFromSecret(new Uint8Array(32).fill(7));
  expect(encodeIdentity(identity)).toMatchInlineSnapshot(`"AGE-SECRET-KEY-1QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSKMP32K"`);
  expect(encodeRecipient(identity.publicKey)).toMatchInlineSnapshot(`"age1zwlyl6h27gzv0lfntr7fcqrjrzqazap8sy5zylkxwneh7llf0dksu37mwt"`);
  expect(decodeIdentity(encodeIdentity(identity))).toEqual(identity);
  expect(decodeRecipient(encodeRecipient(identity.publicKey))).toEqual(identity.publicKey);
});

test('a damaged identity is refused without being repeated', () => {
  const text = encodeIdentity(createIdentity());
  const damaged = `${text.slice(0, 30)}${text[30] === 'Q' ? 'P' : 'Q'}${text.slice(31)}`;
  for (const wrong of [damaged, text.slice(0, -1), '', 'age1', encodeRecipient(createIdentity().publicKey), `${text} `]) {
    const error = thrown(() => decodeIdentity(wrong));
    expect(error.code).toBe('BAD_KEY');
    if (wrong.length > 20) expect(JSON.stringify([error.message, String(error.cause)])).not.toContain(wrong.slice(16, 36));
  }
});

test('the header says who may open it, before any key is there', async () => {
  const fileKey = createFileKey();
  const stanzas = [thresholdStanza({ secret, fileKey, keysetDigest }), recipientStanza(fileKey, createIdentity().publicKey)];
  const file = await collect(seal({ plaintext: pieces(sampleBytes(10)), fileKey, stanzas }));
  const header = readHeader(file);
  expect(header.stanzas).toEqual(stanzas);
  expect(header.headerLength + 16 + 10 + 16).toBe(file.length);
  expect(await codeOf(() => readHeader(file.subarray(0, header.headerLength - 1)))).toBe('TRUNCATED');
  expect(await codeOf(() => readHeader(sampleBytes(100)))).toBe('BAD_HEADER');
});

test('an empty plaintext is one empty chunk', async () => {
  const fileKey = createFileKey();
  const stanzas = [thresholdStanza({ secret, fileKey, keysetDigest })];
  const file = await collect(seal({ plaintext: pieces(new Uint8Array(0)), fileKey, stanzas }));
  expect(file.length).toBe(readHeader(file).headerLength + 16 + 16);
  expect(await drain(unseal({ ciphertext: pieces(file), fileKey }))).toEqual({ bytes: new Uint8Array(0), code: 'OK' });
});

test('each key opens, and the wrong one says so', async () => {
  const fileKey = createFileKey();
  const identity = createIdentity();
  const stanzas = [
    thresholdStanza({ secret: sampleBytes(32, 3), fileKey, keysetDigest }),
    thresholdStanza({ secret, fileKey, keysetDigest }),
    recipientStanza(fileKey, identity.publicKey),
  ];
  const file = await collect(seal({ plaintext: pieces(sampleBytes(99)), fileKey, stanzas }));
  const open = async (keys: object): Promise<string> => (await drain(unseal({ ciphertext: pieces(file), ...keys }))).code;
  expect(await open({ fileKey })).toBe('OK');
  expect(await open({ thresholdSecret: secret })).toBe('OK');
  expect(await open({ identities: [createIdentity(), identity] })).toBe('OK');
  expect(await open({ thresholdSecret: sampleBytes(32, 2), identities: [identity] })).toBe('OK');
  expect(await open({ fileKey: createFileKey() })).toBe('WRONG_KEY');
  expect(await open({ thresholdSecret: sampleBytes(32, 2) })).toBe('WRONG_KEY');
  expect(await open({ identities: [createIdentity()] })).toBe('WRONG_KEY');
  expect(await open({})).toBe('WRONG_KEY');
  expect(await open({ fileKey: sampleBytes(15) })).toBe('BAD_KEY');
});

test('a threshold stanza is for one digest, and wraps another key anew each time', () => {
  const fileKey = createFileKey();
  const stanza = thresholdStanza({ secret, fileKey, keysetDigest });
  expect([stanza.type, ...stanza.args, stanza.body.length]).toEqual(['neurodata-threshold', keysetDigest, 48]);
  expect(unwrapThreshold(stanza, secret)).toEqual(fileKey);
  expect(thresholdStanza({ secret, fileKey, keysetDigest }).body).not.toEqual(stanza.body);
  expect(thrown(() => unwrapThreshold({ ...stanza, args: [`0x${'22'.repeat(32)}`] }, secret)).code).toBe('WRONG_KEY');
  expect(thrown(() => unwrapThreshold({ ...stanza, body: stanza.body.subarray(1) }, secret)).code).toBe('BAD_HEADER');
  expect(thrown(() => thresholdStanza({ secret, fileKey, keysetDigest: '0x11' })).code).toBe('BAD_KEYSET');
});

test('bad input is refused at once, not at the first byte', () => {
  const plaintext = pieces(sampleBytes(1));
  const fileKey = createFileKey();
  expect(thrown(() => seal({ plaintext, fileKey: sampleBytes(15), stanzas: [] })).code).toBe('BAD_KEY');
  expect(thrown(() => seal({ plaintext, fileKey, stanzas: [] })).code).toBe('BAD_HEADER');
  expect(thrown(() => seal({ plaintext, fileKey, stanzas: [{ type: 'a b', args: [], body: fileKey }] })).code).toBe('BAD_HEADER');
  expect(thrown(() => seal({ plaintext, fileKey, stanzas: [{ type: 'a', args: [], body: new Uint8Array(MAX_HEADER_LENGTH) }] })).code).toBe('BAD_HEADER');
  expect(thrown(() => sealToRecipients({ plaintext, recipients: [] })).code).toBe('BAD_ARGUMENT');
  expect(thrown(() => sealToRecipients({ plaintext, recipients: [sampleBytes(31)] })).code).toBe('BAD_KEY');
  expect(thrown(() => sealToRecipients({ plaintext, recipients: [new Uint8Array(32)] })).code).toBe('BAD_KEY');
});

test('stanza bodies of every length around a line survive', async () => {
  const fileKey = createFileKey();
  const stanzas = [0, 1, 47, 48, 49, 95, 96, 97].map((length) => ({ type: 'test', args: ['x'], body: sampleBytes(length) }));
  const file = await collect(seal({ plaintext: pieces(sampleBytes(5)), fileKey, stanzas }));
  expect(readHeader(file).stanzas).toEqual(stanzas);
});

test('an endless header is refused early', async () => {
  let given = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('age-encryption.org/v1\n');
    for (;; given += 1000) yield new Uint8Array(1000).fill(0x41);
  }
  expect((await drain(unseal({ ciphertext: endless(), identities: [createIdentity()] }))).code).toBe('BAD_HEADER');
  expect(given).toBeLessThan(2 * MAX_HEADER_LENGTH);
});

test('memory stays constant: nothing is read ahead of what is written, and an abandoned source is closed', async () => {
  let read = 0;
  let closed = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        read += 65_536;
        yield new Uint8Array(65_536);
      }
    } finally {
      closed += 1;
    }
  }
  const fileKey = createFileKey();
  const stanzas = [thresholdStanza({ secret, fileKey, keysetDigest })];
  let written = 0;
  for await (const bytes of unseal({ ciphertext: seal({ plaintext: source(), fileKey, stanzas }), fileKey })) {
    written += bytes.length;
    expect(read - written).toBeLessThanOrEqual(3 * 65_536);
    if (written > 2_000_000) break;
  }
  expect(closed).toBe(1);
});

test('progress counts plaintext bytes on both sides', async () => {
  const fileKey = createFileKey();
  const stanzas = [thresholdStanza({ secret, fileKey, keysetDigest })];
  const sealing: number[] = [];
  const unsealing: number[] = [];
  const file = await collect(seal({ plaintext: pieces(sampleBytes(140_000)), fileKey, stanzas, onProgress: (bytes) => sealing.push(bytes) }));
  await collect(unseal({ ciphertext: pieces(file), fileKey, onProgress: (bytes) => unsealing.push(bytes) }));
  expect([sealing, unsealing]).toEqual([[65_536, 131_072, 140_000], [65_536, 131_072, 140_000]]);
});

test('no source names a node module, so that browsers can load it', () => {
  const sources = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  expect(sources.length).toBeGreaterThan(10);
  for (const name of sources) expect(readFileSync(`${import.meta.dirname}/${name}`, 'utf8')).not.toMatch(/^(?:import|export) .*from 'node:|\bBuffer\./m);
});

function thrown(action: () => unknown): SealingError {
  try {
    action();
  } catch (error) {
    if (error instanceof SealingError) return error;
  }
  throw new Error('nothing was thrown');
}
