import { equalBytes, toHex, utf8, type Hex } from './bytes.ts';
import { sha256 } from './digest.ts';
import type { Identity } from './identity.ts';
import { bad, canonicalJson, isHex, isId, KEYSET_SUITE, record, type Keyset } from './keyset.ts';
import { isPoint } from './pedersen.ts';
import { checkDealing, combineCommitments, combineDealt, type Dealing } from './redistribute.ts';
import { SEALED_SHARE_LENGTH } from './shareEnvelope.ts';
import { MAX_SHARES, type Share } from './splitSecret.ts';

/**
 * Who holds a key secret after it was handed on: the keyset of epoch 1 or later. Member i (from 0) holds share i + 1, which it
 * makes out of the dealings with its own key. Written as canonical JSON (RFC 8785); sha256 of the bytes is on chain.
 */
export type EpochKeyset = {
  version: 2; suite: string; epoch: number;
  /** Digest of the keyset of the epoch before. */
  previous: Hex;
  threshold: number; commitments: Hex[]; members: EpochMember[]; dealings: Dealing[];
};
export type EpochMember = { validatorId: number; recipient: Hex };

/** What every epoch's keyset says: enough to check a share. */
export type AnyKeyset = Keyset | EpochKeyset;

const FIELDS = ['version', 'suite', 'epoch', 'previous', 'threshold', 'commitments', 'members', 'dealings'];

/**
 * The document of the next epoch, out of dealings of as many distinct old holders as the old threshold. Throws `BAD_KEYSET`
 * where one of them does not deal its own share.
 */
export function createEpochKeyset(parameters: { previous: AnyKeyset; previousDigest: Hex; epoch: number; threshold: number; members: EpochMember[]; dealings: Dealing[] }): { keyset: EpochKeyset; bytes: Uint8Array; digest: Hex } {
  const { previous, previousDigest, epoch, threshold, members } = parameters;
  const dealings = [...parameters.dealings].sort((a, b) => a.index - b.index);
  const commitments = combineCommitments(dealings);
  const keyset: EpochKeyset = { version: 2, suite: KEYSET_SUITE, epoch, previous: previousDigest, threshold, commitments, members, dealings };
  const bytes = utf8(canonicalJson(keyset));
  checkEpochKeyset({ keyset: parseEpochKeyset(bytes), previous, previousDigest });
  return { keyset, bytes, digest: toHex(sha256(bytes)) };
}

/** Parses the document of an epoch after the first and refuses, naming the field, whatever is malformed. Throws `BAD_KEYSET`. */
export function parseEpochKeyset(bytes: Uint8Array): EpochKeyset {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw bad('document', 'is no JSON');
  }
  checkShape(value);
  if (!equalBytes(utf8(canonicalJson(value)), bytes)) throw bad('document', 'is not canonical JSON (RFC 8785)');
  return value;
}

/**
 * Checks, from public documents alone, that `keyset` hands on the secret of `previous`: every dealer deals its own share, the new
 * commitments follow from theirs, and so the first one is the old first. Throws `BAD_KEYSET` naming what is wrong.
 */
export function checkEpochKeyset(parameters: { keyset: EpochKeyset; previous: AnyKeyset; previousDigest: Hex }): void {
  const { keyset, previous, previousDigest } = parameters;
  const { dealings, threshold, members } = keyset;
  if (keyset.previous !== previousDigest) throw bad('previous', `is not ${previousDigest}`);
  if (keyset.epoch !== epochOf(previous) + 1) throw bad('epoch', `does not follow ${epochOf(previous)}`);
  if (dealings.length !== previous.threshold) throw bad('dealings', `has ${dealings.length} entries, the keyset before needs ${previous.threshold}`);
  for (const [i, dealing] of dealings.entries()) {
    if (dealing.index > previous.members.length) throw bad(`dealings[${i}].index`, 'is of nobody');
    if (!checkDealing({ dealing, commitments: previous.commitments, threshold, count: members.length })) throw bad(`dealings[${i}]`, 'does not deal the share that its dealer holds');
  }
  if (combineCommitments(dealings).join() !== keyset.commitments.join()) throw bad('commitments', 'do not follow from the dealings');
  if (keyset.commitments[0] !== previous.commitments[0]) throw bad('commitments[0]', 'is of another secret');
}

/** One member's share of an epoch, made out of the dealings and checked. Throws `BAD_KEYSET`, `WRONG_KEY`, `BAD_SHARE` naming the dealer. */
export async function openEpochShare(parameters: { keyset: EpochKeyset; validatorId: number; identity: Identity; binding: Hex }): Promise<Share> {
  const { keyset, validatorId, identity, binding } = parameters;
  const position = keyset.members.findIndex((member) => member.validatorId === validatorId) + 1;
  if (position === 0) throw bad('members', `does not name validator ${validatorId}`);
  return combineDealt({ dealings: keyset.dealings, commitments: keyset.commitments, position, identity, binding });
}

/** 0 for what a publisher made. */
export function epochOf(keyset: AnyKeyset): number {
  return keyset.version === 1 ? 0 : keyset.epoch;
}

function checkShape(value: unknown): asserts value is EpochKeyset {
  const { version, suite, epoch, previous, threshold, commitments, members, dealings } = record(value, 'document', FIELDS);
  if (version !== 2) throw bad('version', 'is not 2');
  if (suite !== KEYSET_SUITE) throw bad('suite', `is not ${KEYSET_SUITE}`);
  if (!isId(epoch) || epoch === 0) throw bad('epoch', 'is not a positive integer');
  if (!isHex(previous, 32)) throw bad('previous', 'is not 32 bytes of lower-case hex');
  if (!Array.isArray(members) || members.length === 0 || members.length > MAX_SHARES) throw bad('members', `is not a list of 1 to ${MAX_SHARES}`);
  for (const [i, member] of members.entries()) checkMember(member, `members[${i}]`);
  if (new Set(members.map(({ validatorId }: EpochMember) => validatorId)).size !== members.length) throw bad('members', 'names a validator twice');
  checkPoints(commitments, 'commitments');
  if (threshold !== commitments.length || commitments.length > members.length) throw bad('threshold', 'is not the number of commitments, at most that of members');
  if (!Array.isArray(dealings) || dealings.length === 0 || dealings.length > MAX_SHARES) throw bad('dealings', `is not a list of 1 to ${MAX_SHARES}`);
  let last = 0;
  for (const [i, dealing] of dealings.entries()) last = checkDealt(dealing, { field: `dealings[${i}]`, after: last });
}

function checkMember(value: unknown, field: string): void {
  const member = record(value, field, ['validatorId', 'recipient']);
  if (!isId(member['validatorId'])) throw bad(`${field}.validatorId`, 'is not a non-negative integer');
  if (!isHex(member['recipient'], 32)) throw bad(`${field}.recipient`, 'is not 32 bytes of lower-case hex');
}

function checkDealt(value: unknown, { field, after }: { field: string; after: number }): number {
  const { index, commitments, sealedShares } = record(value, field, ['index', 'commitments', 'sealedShares']);
  if (typeof index !== 'number' || !isId(index) || index <= after || index > MAX_SHARES) throw bad(`${field}.index`, 'is not a larger one than that before');
  checkPoints(commitments, `${field}.commitments`);
  const sealed: unknown[] = Array.isArray(sealedShares) ? sealedShares : [];
  if (sealed.length === 0 || !sealed.every((text) => isHex(text, SEALED_SHARE_LENGTH))) throw bad(`${field}.sealedShares`, `is not a list of ${SEALED_SHARE_LENGTH} bytes of lower-case hex each`);
  return index;
}

function checkPoints(value: unknown, field: string): asserts value is Hex[] {
  const points: unknown[] = Array.isArray(value) ? value : [];
  if (points.length === 0 || !points.every((point) => typeof point === 'string' && isPoint(point))) throw bad(field, 'is not a list of compressed secp256k1 points in lower-case hex');
}
