import { concat, equalBytes, fromHex, toHex, u64, utf8, type Hex } from './bytes.ts';
import { sha256 } from './digest.ts';
import { SealingError } from './errors.ts';
import type { Identity } from './identity.ts';
import { isPoint } from './pedersen.ts';
import { openShare, SEALED_SHARE_LENGTH, sealShare } from './shareEnvelope.ts';
import { checkShare, MAX_SHARES, type Share, type SplitSecret } from './splitSecret.ts';

/**
 * Who holds which share of an asset version's key secret. Member i (from 0) holds share i + 1.
 * Written as canonical JSON (RFC 8785); the sha256 of those bytes is the key commitment on chain.
 */
export type Keyset = { version: 1; suite: string; threshold: number; commitments: Hex[]; members: KeysetMember[] };
export type KeysetMember = { validatorId: number; recipient: Hex; sealedShare: Hex };

/** The algorithms of a version 1 keyset, in one word. */
export const KEYSET_SUITE = 'pedersen-secp256k1+hpke-x25519-hkdfsha256-chacha20poly1305';

/**
 * Context under which a member's share is sealed into the keyset. `binding` should be what the chain knows about the
 * publication before it exists (chain id, registry, publisher): without it, anybody may republish a copied sealed
 * share under an asset of their own, buy that, and be granted the original key. Validators derive it from the chain.
 */
export function keysetShareContext(validatorId: number, binding: Hex): Uint8Array {
  return concat(utf8('neurodata/keyset-share/v1'), u64(validatorId), bytesOf(binding, 'binding'));
}

/** Context under which validator `validatorId` seals its share to the holder of proof `proofId` (order, job or round). */
export function grantContext(proofId: Hex, validatorId: number): Uint8Array {
  const proof = sha256(utf8(proofId.toLowerCase()));
  return concat(utf8('neurodata/grant/v1'), proof, u64(validatorId));
}

/**
 * Seals share i to member i and writes the document. Throws `BAD_KEYSET` when members and shares differ in number,
 * or a validator id repeats or is no integer; `BAD_KEY` on a bad recipient.
 */
export async function createKeyset(parameters: {
  split: SplitSecret;
  members: { validatorId: number; recipient: Uint8Array }[];
  /** See {@link keysetShareContext}. */
  binding: Hex;
}): Promise<{ keyset: Keyset; bytes: Uint8Array; digest: Hex }> {
  const { split, members, binding } = parameters;
  if (members.length !== split.shares.length) throw bad('members', `has ${members.length} entries for ${split.shares.length} shares`);
  for (const [i, member] of members.entries()) if (!isId(member.validatorId)) throw bad(`members[${i}].validatorId`, 'is not a non-negative integer');
  const sealed = await Promise.all(split.shares.map(async (share, i) => {
    const { validatorId, recipient } = members[i]!;
    const sealedShare = await sealShare({ share, recipient, context: keysetShareContext(validatorId, binding) });
    return { validatorId, recipient: toHex(recipient), sealedShare: toHex(sealedShare) };
  }));
  const keyset: Keyset = { version: 1, suite: KEYSET_SUITE, threshold: split.commitments.length, commitments: split.commitments.map(toHex), members: sealed };
  checkKeyset(keyset);
  const bytes = encodeKeyset(keyset);
  return { keyset, bytes, digest: toHex(sha256(bytes)) };
}

/**
 * Parses a keyset document and refuses, naming the field, anything that {@link createKeyset} would not have written:
 * unknown or missing fields, non-canonical bytes, points off the curve. Throws `BAD_KEYSET`.
 * Compare `keysetDigest(bytes)` with the chain first: parsing says nothing about where the bytes came from.
 */
export function parseKeyset(bytes: Uint8Array): Keyset {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new SealingError('BAD_KEYSET', 'The keyset document is no JSON; fetch it again and compare its digest with the chain.', { cause });
  }
  checkKeyset(value);
  // Bytes, not text: decoding drops a byte order mark and repairs bad UTF-8, and one keyset must have one digest.
  if (!equalBytes(encodeKeyset(value), bytes)) throw bad('document', 'is not canonical JSON (RFC 8785)');
  return value;
}

/** The key commitment of a document: sha256 of its bytes. */
export function keysetDigest(bytes: Uint8Array): Hex {
  return toHex(sha256(bytes));
}

/**
 * The share of one member, opened and checked against the commitments.
 * Throws `BAD_KEYSET` when the validator is no member, `WRONG_KEY` when its share does not open (another identity or
 * binding), `BAD_SHARE` when the publisher sealed a false one.
 */
export async function openKeysetShare(parameters: { keyset: Keyset; validatorId: number; identity: Identity; binding: Hex }): Promise<Share> {
  const { keyset, validatorId, identity, binding } = parameters;
  const position = keyset.members.findIndex((member) => member.validatorId === validatorId);
  const member = keyset.members[position];
  if (!member) throw bad('members', `does not name validator ${validatorId}`);
  const share = await openShare({ sealed: bytesOf(member.sealedShare, 'sealedShare'), identity, context: keysetShareContext(validatorId, binding) });
  const commitments = keyset.commitments.map((point) => bytesOf(point, 'commitments'));
  if (share.index === position + 1 && checkShare(share, commitments)) return share;
  throw new SealingError('BAD_SHARE', `The share of validator ${validatorId} does not match the keyset's commitments: the publisher sealed a false one; refuse this keyset.`);
}

function encodeKeyset(keyset: Keyset): Uint8Array {
  return utf8(canonicalJson(keyset));
}

/** RFC 8785 for what a keyset holds: objects, arrays, strings and integers. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`;
}

function checkKeyset(value: unknown): asserts value is Keyset {
  const keyset = record(value, 'document', ['version', 'suite', 'threshold', 'commitments', 'members']);
  if (keyset['version'] !== 1) throw bad('version', 'is not 1');
  if (keyset['suite'] !== KEYSET_SUITE) throw bad('suite', `is not ${KEYSET_SUITE}`);
  const { commitments, members, threshold } = keyset;
  if (!Array.isArray(members) || members.length === 0 || members.length > MAX_SHARES) throw bad('members', `is not a list of 1 to ${MAX_SHARES}`);
  if (!Array.isArray(commitments) || commitments.length === 0 || commitments.length > members.length) throw bad('commitments', 'is not a list of 1 to as many points as there are members');
  if (threshold !== commitments.length) throw bad('threshold', 'is not the number of commitments');
  for (const [i, point] of commitments.entries()) if (typeof point !== 'string' || !isPoint(point)) throw bad(`commitments[${i}]`, 'is not a compressed secp256k1 point in lower-case hex');
  for (const [i, member] of members.entries()) checkMember(member, `members[${i}]`);
  const ids = new Set(members.map((member: KeysetMember) => member.validatorId));
  if (ids.size !== members.length) throw bad('members', 'names a validator twice');
}

function checkMember(value: unknown, field: string): void {
  const member = record(value, field, ['validatorId', 'recipient', 'sealedShare']);
  if (!isId(member['validatorId'])) throw bad(`${field}.validatorId`, 'is not a non-negative integer');
  if (!isHex(member['recipient'], 32)) throw bad(`${field}.recipient`, 'is not 32 bytes of lower-case hex');
  if (!isHex(member['sealedShare'], SEALED_SHARE_LENGTH)) throw bad(`${field}.sealedShare`, `is not ${SEALED_SHARE_LENGTH} bytes of lower-case hex`);
}

export function record(value: unknown, field: string, keys: string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(field, 'is not an object');
  const entries = Object.fromEntries(Object.entries(value));
  for (const key of keys) if (!Object.hasOwn(entries, key)) throw bad(`${field}.${key}`, 'is missing');
  for (const key of Object.keys(entries)) if (!keys.includes(key)) throw bad(`${field}.${key}`, 'is not known');
  return entries;
}

export function isId(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function isHex(value: unknown, length: number): boolean {
  return typeof value === 'string' && fromHex(value)?.length === length;
}

export function bytesOf(text: Hex, field: string): Uint8Array {
  const bytes = fromHex(text.toLowerCase());
  if (!bytes) throw bad(field, 'is not hex behind 0x');
  return bytes;
}

export function bad(field: string, problem: string): SealingError {
  return new SealingError('BAD_KEYSET', `Keyset: ${field} ${problem}; use the document whose digest is on chain.`);
}
