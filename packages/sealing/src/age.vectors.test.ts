import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import * as cctv from 'cctv-age';
import { expect, test } from 'vitest';
import { drain, pieces } from '../test/streams.ts';
import { concat } from './bytes.ts';
import { decodeIdentity, readHeader, unseal, type SealingErrorCode } from './index.ts';
import { CHUNK_LENGTH, openChunk, payloadKey, SEALED_CHUNK_LENGTH } from './payload.ts';

/*
 * C2SP's CCTV vectors for age. Left out, because this package has no such part: armored files
 * and the post-quantum hybrid, whose files are opened here only where their file key is all that is needed.
 */

type Vector = { name: string; fields: Map<string, string>; file: Uint8Array };

const CODES: Record<string, (SealingErrorCode | 'OK')[]> = {
  success: ['OK'],
  'no match': ['WRONG_KEY'],
  'HMAC failure': ['TAMPERED'],
  'header failure': ['BAD_HEADER', 'TRUNCATED'],
  'payload failure': ['TAMPERED', 'TRUNCATED'],
};

function parse(name: string, bytes: Uint8Array): Vector {
  const buffer = Buffer.from(bytes);
  const end = buffer.indexOf('\n\n');
  const lines = buffer.subarray(0, end).toString('latin1').split('\n');
  const fields = new Map(lines.map((line): [string, string] => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]));
  const body = buffer.subarray(end + 2);
  return { name, fields, file: new Uint8Array(fields.get('compressed') === 'zlib' ? inflateSync(body) : body) };
}

const vectors = Object.entries(cctv).map(([name, bytes]) => parse(name, bytes)).filter(({ fields }) => fields.get('armored') !== 'yes');
const forX25519 = vectors.filter(({ fields }) => fields.get('identity')?.startsWith('AGE-SECRET-KEY-1'));
const withoutIdentity = vectors.filter(({ fields }) => !fields.has('identity') && !fields.has('passphrase'));
const forPassphrase = vectors.filter(({ fields }) => fields.has('passphrase') && !fields.has('identity'));
const openable = vectors.filter(({ fields }) => fields.get('expect') === 'success');
/**
 * The vectors say what a reader may give out before it fails. A chunk that authenticates only under the wrong final
 * flag counts there, while `unseal` keeps it back; so the next chunk under either flag is put behind what came out.
 */
function withHeldBack(file: Uint8Array, bytes: Uint8Array): Uint8Array {
  const { headerLength } = readHeader(file);
  const fileKey = new Uint8Array(Buffer.from('YELLOW SUBMARINE'));
  const key = payloadKey(fileKey, file.subarray(headerLength, headerLength + 16));
  const index = bytes.length / CHUNK_LENGTH;
  const at = headerLength + 16 + index * SEALED_CHUNK_LENGTH;
  const sealed = file.subarray(at, at + SEALED_CHUNK_LENGTH);
  const opened = [true, false].map((last) => tryOpen({ key, index, last, bytes: sealed })).find((plaintext) => plaintext);
  return concat(bytes, opened ?? new Uint8Array(0));
}

function tryOpen(chunk: Parameters<typeof openChunk>[0]): Uint8Array | undefined {
  try {
    return openChunk(chunk);
  } catch {
    return undefined;
  }
}

const payloadSha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('the vectors that apply are all here', () => {
  expect({ binary: vectors.length, forX25519: forX25519.length, withoutIdentity: withoutIdentity.length, forPassphrase: forPassphrase.length, openable: openable.length }).toMatchInlineSnapshot(`
    {
      "binary": 110,
      "forPassphrase": 24,
      "forX25519": 67,
      "openable": 19,
      "withoutIdentity": 1,
    }
  `);
});

test.each([...forX25519, ...withoutIdentity].map((vector) => [vector.name, vector] as const))('%s', async (_, { fields, file }) => {
  const identity = fields.get('identity');
  const identities = identity ? [decodeIdentity(identity)] : [];
  for (const sizes of [[], [1], [7, 65_536]]) {
    const { bytes, code } = await drain(unseal({ ciphertext: pieces(file, file.length > 20_000 && sizes[0] === 1 ? [] : sizes), identities }));
    expect(CODES[fields.get('expect') ?? '']).toContain(code);
    const payload = fields.get('payload');
    if (payload) expect([bytes, withHeldBack(file, bytes)].map(payloadSha).slice(0, code === 'OK' ? 1 : 2)).toContain(payload);
    else expect(bytes).toHaveLength(0);
  }
});

test.each(forPassphrase.map((vector) => [vector.name, vector] as const))('%s', async (_, { fields, file }) => {
  const { bytes, code } = await drain(unseal({ ciphertext: pieces(file), passphrase: fields.get('passphrase') }));
  expect(CODES[fields.get('expect') ?? '']).toContain(code);
  if (code === 'OK') expect(payloadSha(bytes)).toBe(fields.get('payload'));
  else expect(bytes).toHaveLength(0);
});

test.each(openable.map((vector) => [vector.name, vector] as const))('%s by its file key', async (_, { fields, file }) => {
  const fileKey = new Uint8Array(Buffer.from(fields.get('file key') ?? '', 'hex'));
  const { bytes, code } = await drain(unseal({ ciphertext: pieces(file), fileKey }));
  expect({ code, payload: payloadSha(bytes) }).toEqual({ code: 'OK', payload: fields.get('payload') });
});
