import { type BuildManifestParameters, type Description, MOST_OPENED_BYTES, type ManifestColumn, NeuroError, type PublicFolderFile, buildManifest, descriptionSchema, encodeFolderLists, fitsManifest, isOpenLicense, policyOf } from '@neurodata/protocol';
import { type SplitSecret, createContentHasher, createFileKey, createKeyset, repeatableKeys, seal, splitSecret, thresholdStanza } from '@neurodata/sealing';
import { parseCid } from '@neurodata/storage';
import { type Hex, bytesToHex, hexToBytes } from 'viem';
import { z } from 'zod';
import { chooseCommittee, defaultThreshold } from './chooseCommittee.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { keysetBinding } from './readKeyset.ts';

/** `total` is known for sealing and storing where the caller told the size; both run in one pass. Bytes: what is sealed, and what the storage has of it. */
export type PublishProgress = { stage: 'sealing' | 'storing' | 'registering'; done: number; total?: number };

export type SealVersionParameters = {
  client: NeuroClient;
  /** Called once; pieces of any size, none overwritten until the second one after it is asked for. */
  content: () => AsyncIterable<Uint8Array>;
  /** Plaintext bytes, for progress only. */
  size?: number;
  fileName: string;
  mediaType: string;
  description: Description;
  rows?: number;
  columns?: ManifestColumn[];
  model?: BuildManifestParameters['model'];
  /** What is claimed of an ONNX model, and on what it is to be measured. */
  evaluation?: BuildManifestParameters['evaluation'];
  /** Of a folder, whose index `content` is: see `folderContent`. */
  folder?: BuildManifestParameters['folder'];
  /** Whether committees of rounds and workers of runs are entitled to the key: false unless chosen. Without it no runs can be offered, and validators check key shares, manifest and ciphertext only. */
  validatorsMayRead?: boolean;
  /** Tells the key in the manifest: everybody reads the content, for ever. Only under an open licence. */
  open?: boolean;
  /** Shares needed to open the key; two thirds of the committee by default. */
  threshold?: number;
  /** Validator ids; by default up to twelve active ones. */
  committee?: number[];
  /**
   * Gives the same content the same ciphertext whenever it is sealed, but for the first block, so that an upload that broke off goes on where it was. `sha256`: the content's, which is checked;
   * `seed`: 32 secret bytes, to be forgotten once the version is registered.
   */
  repeatable?: { seed: Uint8Array; sha256: Hex };
  onProgress?: (progress: PublishProgress) => void;
};

/** What the registry's `VersionInput` asks for. */
export type VersionInput = {
  manifestDigest: Hex; contentRoot: Hex; contentCommitment: Hex; keyCommitment: Hex; committee: number[]; threshold: number; validatorsMayRead: boolean;
};

export type SealedVersion = { input: VersionInput; cid: string; manifestCid: string; keysetCid: string; contentRoot: Hex; size: number; sealedSize: number };

/**
 * Seals content under a fresh secret that is shared among validators, and stores ciphertext, keyset and manifest.
 * Nothing secret outlives the call, but for what is `open`. Throws `BAD_INPUT`, `CONFLICT` where `repeatable` content has another digest, `BAD_MANIFEST`, `TOO_FEW_VALIDATORS`, or what the storage throws.
 */
export async function sealVersion(parameters: SealVersionParameters): Promise<SealedVersion> {
  const { client, validatorsMayRead = false } = parameters;
  const publisher = accountOf(client).address;
  const description = descriptionSchema.safeParse(parameters.description);
  if (!description.success) throw new NeuroError('The description is not complete.', { code: 'BAD_INPUT', remedy: 'Correct what is named below.', details: z.prettifyError(description.error) });
  if (parameters.open && !isOpenLicense(description.data.license)) throw new NeuroError(`${description.data.license} is not known as a licence under which everybody may copy.`, { code: 'BAD_INPUT', remedy: 'Publish it sealed, or under an open licence such as CC0-1.0 or CC-BY-4.0.' });
  const { limits, license } = description.data;
  if (parameters.open && limits) throw new NeuroError('What everybody may read cannot have limits.', { code: 'BAD_INPUT', remedy: 'Publish it sealed, or leave the limits out.' });
  if (policyOf({ license, 'nd:limits': limits }).uses.length === 0) throw new NeuroError(`Nothing may be done with it: ${license} admits none of the uses that the limits admit.`, { code: 'BAD_INPUT', remedy: 'Admit other uses, or choose another licence.' });
  if (validatorsMayRead && parameters.size !== undefined && sealedSizeOf(parameters.size) > MOST_OPENED_BYTES) throw new NeuroError(`The file has ${parameters.size} bytes, and validators open sealed files of at most ${MOST_OPENED_BYTES}: they would refuse it.`, { code: 'TOO_LARGE', remedy: 'Publish it without letting validators read, or split it into several.' });
  const holders = await chooseCommittee({ client, ...(parameters.committee ? { committee: parameters.committee } : {}) });
  const threshold = parameters.threshold ?? defaultThreshold(holders.length);
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > holders.length) {
    throw new NeuroError(`${threshold} of ${holders.length} shares cannot be needed.`, { code: 'BAD_INPUT', remedy: `Choose a threshold from 1 to ${holders.length}.` });
  }
  const split = splitSecret({ threshold, count: holders.length });
  try {
    const keyset = await createKeyset({ split, members: holders, binding: keysetBinding({ config: client.config, publisher }) });
    const sealed = await sealAndStore(parameters, { secret: split.secret, keysetDigest: keyset.digest });
    const { cid: keysetCid } = await client.storage.addRaw(keyset.bytes);
    const { contentRoot, contentCommitment } = sealed;
    const lists = parameters.folder ? await storeLists(client, parameters.folder.files) : [];
    const manifest = buildManifest({
      ...(parameters.open ? { openSecret: bytesToHex(split.secret), openContent: { sha256: sealed.contentSha256, size: sealed.size } } : {}),
      description: description.data,
      sealed: { format: 'age-encryption.org/v1', cid: sealed.cid, size: sealed.sealedSize, keysetDigest: keyset.digest, contentRoot, contentCommitment, fileName: parameters.fileName, mediaType: parameters.mediaType, ciphertextSha256: sealed.sha256 },
      ...(parameters.rows === undefined ? {} : { rows: parameters.rows }),
      ...(parameters.columns ? { columns: parameters.columns } : {}),
      ...(parameters.model ? { model: parameters.model } : {}),
      ...(parameters.folder ? { folder: { ...parameters.folder, ...(lists.length > 0 ? { lists } : {}) } } : {}),
      ...(parameters.evaluation ? { evaluation: parameters.evaluation } : {}),
    });
    const { cid: manifestCid, digest: manifestDigest } = await client.storage.addRaw(manifest.bytes);
    await Promise.all([sealed.cid, keysetCid, manifestCid, ...lists].map((cid) => client.gateway.get(parseCid(cid))));
    const committee = holders.map(({ validatorId }) => validatorId);
    const input = { manifestDigest, contentRoot, contentCommitment, keyCommitment: keyset.digest, committee, threshold, validatorsMayRead };
    return { input, cid: sealed.cid, manifestCid, keysetCid, contentRoot, size: sealed.size, sealedSize: sealed.sealedSize };
  } catch (error) {
    throw toNeuroError(error);
  } finally {
    wipe(split);
  }
}

/** Lists the files of a large folder in blocks of their own; none where its manifest has room for them. */
async function storeLists(client: NeuroClient, files: readonly PublicFolderFile[]): Promise<string[]> {
  if (fitsManifest(files)) return [];
  const cids: string[] = [];
  for (const bytes of encodeFolderLists(files)) cids.push((await client.storage.addRaw(bytes)).cid);
  return cids;
}

/** About: a header, and a tag for each 64 KiB. */
function sealedSizeOf(size: number): number {
  return size + 16 * Math.ceil(size / 65_536) + 1_024;
}

type Stored = { cid: string; sha256: Hex; sealedSize: number; size: number; contentRoot: Hex; contentCommitment: Hex; /** Unsalted: told of open content only. */ contentSha256: Hex };

async function sealAndStore(parameters: SealVersionParameters, key: { secret: Uint8Array; keysetDigest: Hex }): Promise<Stored> {
  const { client, onProgress, size: total, repeatable } = parameters;
  const { fileKey, nonce } = repeatable ? repeatableKeys({ seed: repeatable.seed, sha256: hexToBytes(repeatable.sha256) }) : { fileKey: createFileKey(), nonce: undefined };
  const hasher = createContentHasher(key.secret);
  async function* plaintext(): AsyncGenerator<Uint8Array> {
    for await (const piece of parameters.content()) {
      hasher.update(piece);
      yield piece;
    }
  }
  const stanzas = [thresholdStanza({ secret: key.secret, fileKey, keysetDigest: key.keysetDigest })];
  const content = seal({ plaintext: plaintext(), fileKey, stanzas, nonce, onProgress: (done) => onProgress?.({ stage: 'sealing', done, ...(total === undefined ? {} : { total }) }) });
  const added = await client.storage.addFile({ content, given: true, onProgress: (done) => onProgress?.({ stage: 'storing', ...(total === undefined ? { done } : { done: Math.min(done, total), total }) }) });
  fileKey.fill(0);
  const { size, contentRoot, contentCommitment, sha256: contentSha256 } = hasher.finish();
  if (size === 0) throw new NeuroError('The file is empty.', { code: 'BAD_INPUT', remedy: 'Choose a file with content.' });
  if (repeatable && contentSha256 !== repeatable.sha256) throw new NeuroError('The file is not what it was when it was described.', { code: 'CONFLICT', remedy: 'Choose it again when nothing writes to it.' });
  return { cid: added.cid, sha256: added.sha256, sealedSize: added.size, size, contentRoot, contentCommitment, contentSha256 };
}

function wipe(split: SplitSecret): void {
  split.secret.fill(0);
  for (const share of split.shares) {
    share.value.fill(0);
    share.blinding.fill(0);
  }
}
