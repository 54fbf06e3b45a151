import { CONTENT_CHUNK_LENGTH, contentLeafSalt, createContentHasher, expectContent, unseal } from '@neurodata/sealing';
import { collect, requestShares } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import { MOST_OPENED_BYTES } from '@neurodata/protocol';
import type { Manifest } from '@neurodata/protocol';
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { bytesToHex, concatHex } from 'viem';
import type { Hex } from 'viem';
import { bindEvidence, drawIndex, expectFact, refuseIfWrong } from './finding.ts';
import type { ValidatorSetup } from './setup.ts';

/** Plaintext is held in memory while it is checked. */
export const MAX_CONTENT_BYTES = MOST_OPENED_BYTES;

/** The part of the time that one try may wait for key holders, so that another round gets its turn where they are away. */
const KEY_SHARE = 3;

export type CheckContext = { setup: ValidatorSetup; roundId: Hex; seed: Hex; /** Validator ids. */ committee: readonly number[]; /** Wall clock left for the check. */ timeoutMs: number; signal: AbortSignal };

/** Reads the whole ciphertext and compares its size and sha256 with the manifest. Pieces go to `keep` as they pass. */
export async function checkCiphertext(parameters: { context: CheckContext; manifest: Manifest; keep?: (piece: Uint8Array) => void }): Promise<void> {
  const { context, manifest, keep } = parameters;
  const { cid, size } = manifest['nd:sealed'];
  const [file] = manifest.distribution;
  expectFact(file?.contentUrl === `ipfs://${cid}`, `The manifest's distribution is not the sealed file ${cid}.`);
  const hash = createHash('sha256');
  let length = 0;
  for await (const piece of context.setup.client.storage.readFile({ cid, signal: context.signal })) {
    length += piece.length;
    expectFact(length <= size, `The ciphertext is longer than the ${size} bytes of the manifest.`);
    hash.update(piece);
    keep?.(piece);
  }
  expectFact(length === size, `The ciphertext has ${length} bytes, the manifest says ${size}.`);
  expectFact(hash.digest('hex') === file.sha256, 'The ciphertext has another sha256 than the manifest says.');
}

/**
 * The plaintext of a version, of a folder that of its index, through the shares that the round entitles us to: ciphertext, content root and commitment
 * are those of manifest and chain. `evidence` binds one drawn chunk under its secret salt, so it tells nothing of the content.
 */
export async function readContent(parameters: { context: CheckContext; facts: VersionFacts; manifest: Manifest }): Promise<{ plaintext: Uint8Array<ArrayBuffer>; evidence: Hex }> {
  const { context, facts, manifest } = parameters;
  const { client, account } = context.setup;
  const sealedSize = manifest['nd:sealed'].size;
  expectFact(sealedSize <= MAX_CONTENT_BYTES, `The sealed file has ${sealedSize} bytes; validators read at most ${MAX_CONTENT_BYTES}.`);
  const pieces: Uint8Array[] = [];
  await refuseIfWrong('The sealed file', checkCiphertext({ context, manifest, keep: (piece) => pieces.push(piece) }));
  const { secret } = await requestShares({ client, assetId: facts.assetId, version: facts.version, proofId: context.roundId, timeoutMs: context.timeoutMs / KEY_SHARE, signal: context.signal });
  try {
    const plaintext = await refuseIfWrong('The content', unsealChecked({ pieces, secret, facts }));
    const index = drawIndex({ seed: context.seed, account, count: Math.max(1, Math.ceil(plaintext.length / CONTENT_CHUNK_LENGTH)) });
    const chunk = plaintext.subarray(index * CONTENT_CHUNK_LENGTH, (index + 1) * CONTENT_CHUNK_LENGTH);
    return { plaintext, evidence: bindEvidence({ roundId: context.roundId, account, bytes: concatHex([bytesToHex(contentLeafSalt(secret, index)), bytesToHex(chunk)]) }) };
  } finally {
    secret.fill(0);
  }
}

async function unsealChecked(parameters: { pieces: Uint8Array[]; secret: Uint8Array; facts: VersionFacts }): Promise<Uint8Array<ArrayBuffer>> {
  const { pieces, secret, facts } = parameters;
  async function* ciphertext(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) {
      // Without a pause a large file would hold up every other part of this process.
      await setImmediate();
      yield piece;
    }
  }
  const plaintext = await collect(unseal({ ciphertext: ciphertext(), thresholdSecret: secret }));
  const hasher = createContentHasher(secret);
  hasher.update(plaintext);
  expectContent(hasher.finish(), facts);
  return plaintext;
}
