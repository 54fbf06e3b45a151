import { concat, equalBytes, expectKey, toHex, u64, utf8, type Hex } from './bytes.ts';
import { createSha256, hkdfSha256, sha256, type Sha256 } from './digest.ts';
import { SealingError } from './errors.ts';

/**
 * The identity of a plaintext. `contentRoot` and `contentCommitment` are salted and go on chain;
 * `sha256` is not: keep it private, because small or known content can be guessed from it.
 */
export type ContentDigests = { contentRoot: Hex; contentCommitment: Hex; sha256: Hex; size: number };

/** Takes plaintext in pieces of any size, once. */
export type ContentHasher = { update(chunk: Uint8Array): void; finish(): ContentDigests };

/** Plaintext bytes under one leaf of the content root. */
export const CONTENT_CHUNK_LENGTH = 1024 * 1024;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const COMMITMENT_TAG = utf8('neurodata/content-commitment/v1');

/** Salt of leaf `index`: whoever is given it can check that chunk alone, and learns nothing about the others. */
export function contentLeafSalt(secret: Uint8Array, index: number): Uint8Array {
  return contentSalt(secret, concat(utf8('neurodata/content-leaf/v1'), u64(index)));
}

function contentSalt(secret: Uint8Array, info: Uint8Array): Uint8Array {
  return hkdfSha256({ secret: expectKey(secret, 32, 'The content secret'), salt: new Uint8Array(0), info });
}

/**
 * Hashes a plaintext under the salts of its key secret (32 bytes), in constant memory.
 *
 * contentRoot: Merkle tree as in RFC 6962 over {@link CONTENT_CHUNK_LENGTH} chunks, leaf i =
 * sha256(0x00 || salt_i || chunk), node = sha256(0x01 || left || right); an empty plaintext has one empty chunk.
 * contentCommitment: sha256(tag || salt || sha256(plaintext) || size as u64 big-endian).
 * All salts are HKDF-SHA256 of the secret. Throws `BAD_KEY` when the secret is not 32 bytes.
 */
export function createContentHasher(secret: Uint8Array): ContentHasher {
  const commitmentSalt = contentSalt(secret, utf8('neurodata/content-commitment-salt/v1'));
  const whole = createSha256();
  const leaves = createLeaves(secret);
  let size = 0;
  return {
    update(chunk) {
      whole.update(chunk);
      leaves.update(chunk);
      size += chunk.length;
    },
    finish() {
      const digest = whole.digest();
      const contentCommitment = toHex(sha256(COMMITMENT_TAG, commitmentSalt, digest, u64(size)));
      return { contentRoot: toHex(leaves.finish()), contentCommitment, sha256: toHex(digest), size };
    },
  };
}

/** The leaf of chunk `index` of the content root: at most {@link CONTENT_CHUNK_LENGTH} bytes of plaintext under its salt. Throws `BAD_KEY`. */
export function contentLeaf(parameters: { secret: Uint8Array; index: number; bytes: Uint8Array }): Uint8Array {
  const { secret, index, bytes } = parameters;
  return sha256(LEAF, contentLeafSalt(secret, index), bytes);
}

/** The content root over the leaves of all chunks, in order: whoever holds them can check any one chunk alone. */
export function contentRootOf(leaves: Iterable<Uint8Array>): Hex {
  const tree = createMerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  return toHex(tree.root());
}

type Leaves = { update(chunk: Uint8Array): void; finish(): Uint8Array };

function createLeaves(secret: Uint8Array): Leaves {
  const tree = createMerkleTree();
  let leaf: Sha256 | undefined;
  let room = 0;
  let count = 0;
  const open = (): Sha256 => {
    const hash = createSha256();
    hash.update(LEAF);
    hash.update(contentLeafSalt(secret, count));
    count += 1;
    room = CONTENT_CHUNK_LENGTH;
    return hash;
  };
  return {
    update(chunk) {
      for (let offset = 0; offset < chunk.length;) {
        leaf ??= open();
        const bytes = chunk.subarray(offset, offset + room);
        leaf.update(bytes);
        offset += bytes.length;
        room -= bytes.length;
        if (room > 0) continue;
        tree.add(leaf.digest());
        leaf = undefined;
      }
    },
    finish() {
      if (leaf || count === 0) tree.add((leaf ?? open()).digest());
      return tree.root();
    },
  };
}

/** An RFC 6962 tree that keeps one digest per level: complete subtrees, largest first. */
function createMerkleTree(): { add(leaf: Uint8Array): void; root(): Uint8Array } {
  const peaks: { height: number; digest: Uint8Array }[] = [];
  return {
    add(leaf) {
      let peak = { height: 0, digest: leaf };
      while (peaks.at(-1)?.height === peak.height) {
        const left = peaks.pop()!;
        peak = { height: left.height + 1, digest: sha256(NODE, left.digest, peak.digest) };
      }
      peaks.push(peak);
    },
    root: () => peaks.map(({ digest }) => digest).reduceRight((right, left) => sha256(NODE, left, right)),
  };
}

/** What the chain says about a plaintext. */
export type ExpectedContent = { contentRoot: Hex; contentCommitment: Hex };

/**
 * Reads a plaintext to its end and compares it with what was committed to. Returns its digests, or throws
 * `CONTENT_MISMATCH` naming what differs.
 */
export async function checkContent(parameters: { plaintext: AsyncIterable<Uint8Array>; secret: Uint8Array; expected: ExpectedContent }): Promise<ContentDigests> {
  const hasher = createContentHasher(parameters.secret);
  for await (const chunk of parameters.plaintext) hasher.update(chunk);
  const digests = hasher.finish();
  expectContent(digests, parameters.expected);
  return digests;
}

/** Throws `CONTENT_MISMATCH` unless both public digests are the expected ones. */
export function expectContent(digests: ContentDigests, expected: ExpectedContent): void {
  for (const field of ['contentRoot', 'contentCommitment'] as const) {
    if (equalBytes(utf8(digests[field]), utf8(expected[field].toLowerCase()))) continue;
    throw new SealingError('CONTENT_MISMATCH', `The plaintext does not have the committed ${field}; it is not what the publisher registered: open a dispute or fetch it again.`);
  }
}
