import { type Manifest, NeuroError } from '@neurodata/protocol';
import { type ContentDigests, SealingError, createContentHasher, expectContent, unseal } from '@neurodata/sealing';
import { type Check, HERE } from './checks.ts';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readManifest } from './readManifest.ts';
import { type VersionFacts, readVersion } from './readVersion.ts';

export type ReadSealedParameters = {
  client: NeuroClient;
  assetId: number;
  version: number;
  /** The 32-byte key secret. */
  secret: Uint8Array;
  /** Ciphertext bytes fetched so far, of `total`. */
  onProgress?: (progress: { done: number; total: number }) => void;
  signal?: AbortSignal;
};

export type SealedStream = {
  facts: VersionFacts;
  manifest: Manifest;
  /** Plaintext in order. Whole and checked only once it has ended without a throw. */
  bytes: AsyncIterable<Uint8Array>;
  /** Settles with the stream's end: the digests, equal to those on chain, or what went wrong. */
  done: Promise<ContentDigests>;
};

/**
 * Opens a sealed version as a stream, in constant memory. Every block is re-hashed, every chunk authenticated, and at
 * the end content root and commitment are compared with the chain: a difference throws `CONTENT_MISMATCH`.
 */
export async function streamSealedAsset(parameters: ReadSealedParameters): Promise<SealedStream> {
  const { client, assetId, version } = parameters;
  const facts = await readVersion({ client, assetId, version });
  const manifest = await readManifest({ client, facts });
  const { promise, resolve, reject } = Promise.withResolvers<ContentDigests>();
  // Whoever reads only the stream learns of a failure there.
  promise.catch(() => undefined);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      const hasher = createContentHasher(parameters.secret);
      for await (const piece of plaintextOf(parameters, manifest)) {
        hasher.update(piece);
        yield piece;
      }
      const digests = hasher.finish();
      expectContent(digests, facts);
      resolve(digests);
    } catch (error) {
      const known = contentError(error, facts);
      reject(known);
      throw known;
    }
  }
  return { facts, manifest, bytes: bytes(), done: promise };
}

function plaintextOf(parameters: ReadSealedParameters, manifest: Manifest): AsyncIterable<Uint8Array> {
  const { client, secret, onProgress, signal } = parameters;
  const { cid, size: total } = manifest['nd:sealed'];
  const ciphertext = client.storage.readFile({ cid, onProgress: (done) => onProgress?.({ done, total }), ...(signal ? { signal } : {}) });
  return unseal({ ciphertext, thresholdSecret: secret });
}

function contentError(error: unknown, facts: VersionFacts): NeuroError {
  const wrongContent = error instanceof SealingError && ['CONTENT_MISMATCH', 'TAMPERED', 'TRUNCATED', 'BAD_HEADER', 'WRONG_KEY'].includes(error.code);
  if (!wrongContent) return toNeuroError(error);
  return new NeuroError(`The content of asset ${facts.assetId} version ${facts.version} is not what its publisher committed to.`, { code: 'CONTENT_MISMATCH', remedy: 'Open a dispute.', details: error.message, cause: error });
}

/** Reads a sealed version into memory, with what was checked on the way. For files that fit. Throws as the stream does. */
export async function readSealedAsset(parameters: ReadSealedParameters): Promise<{ bytes: Uint8Array<ArrayBuffer>; manifest: Manifest; facts: VersionFacts; checks: Check[] }> {
  const { bytes, manifest, facts, done } = await streamSealedAsset(parameters);
  const whole = await collect(bytes);
  return { bytes: whole, manifest, facts, checks: contentChecks(facts, await done) };
}

/** What the end of a stream has proved. */
export function contentChecks(facts: VersionFacts, digests: ContentDigests): Check[] {
  return [
    { name: 'Ciphertext', status: 'passed', detail: 'every block has the hash that its CID names', by: HERE },
    { name: 'Encryption', status: 'passed', detail: 'every chunk is authentic and in order (ChaCha20-Poly1305)', by: HERE },
    { name: 'Content root', status: 'passed', detail: `${digests.contentRoot}, as on chain since block ${facts.block}`, by: HERE },
    { name: 'Content commitment', status: 'passed', detail: `${digests.contentCommitment}, over ${digests.size} bytes`, by: HERE },
  ];
}

/** Joins a stream's pieces. */
export async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of source) {
    // Some producers reuse their buffer between pieces.
    pieces.push(piece.slice());
    size += piece.length;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
