import { type DrillAnswer, NeuroError } from '@neurodata/protocol';
import { type AnyKeyset, checkShareProof } from '@neurodata/sealing';
import { type Hex, bytesToHex, encodeAbiParameters, keccak256 } from 'viem';
import { askValidator, readMember } from './askValidator.ts';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readKeyset } from './readKeyset.ts';
import { type VersionFacts, readVersion } from './readVersion.ts';

/** How one holder answered. `latencyMs` is absent where it did not. */
export type DrilledHolder = { validatorId: number; endpoint: string; state: 'valid' | 'invalid' | 'silent'; latencyMs?: number; reason?: string };
export type KeyDrill = { assetId: number; version: number; epoch: number; keyset: Hex; threshold: number; holders: DrilledHolder[]; /** With a true share. */ valid: number; /** Whether the key could be released now. */ enough: boolean };

const ANSWER_MS = 10_000;

/** What a drill's proofs are bound to, so that none serves for another chain, version, keyset or holder. */
export function drillBinding(parameters: { client: NeuroClient; facts: VersionFacts; validatorId: number }): Hex {
  const { client, facts, validatorId } = parameters;
  const { chainId, addresses } = client.config.deployment;
  const types = ['uint256', 'address', 'uint256', 'uint32', 'uint32', 'bytes32', 'uint16'].map((type) => ({ type }));
  return keccak256(encodeAbiParameters(types, [BigInt(chainId), addresses.custody, BigInt(facts.assetId), facts.version, facts.epoch, facts.keysetDigest, validatorId]));
}

/**
 * Asks every holder of a version's key to prove that it has its share, and checks the proofs against the commitments on chain.
 * No share leaves a holder; whoever asks learns nothing about the key. Throws `NOT_FOUND`, `CONTENT_MISMATCH`.
 */
export async function drillKeys(parameters: { client: NeuroClient; assetId: number; version: number; timeoutMs?: number; onHolder?: (holder: DrilledHolder) => void }): Promise<KeyDrill> {
  const { client, assetId, version, timeoutMs = ANSWER_MS, onHolder } = parameters;
  const facts = await readVersion({ client, assetId, version });
  const { keyset } = await readKeyset({ client, facts });
  const holders = await Promise.all(facts.committee.map(async (validatorId) => {
    const holder = await drillHolder({ client, facts, keyset, validatorId, timeoutMs });
    onHolder?.(holder);
    return holder;
  }));
  const valid = holders.filter(({ state }) => state === 'valid').length;
  return { assetId, version, epoch: facts.epoch, keyset: facts.keysetDigest, threshold: facts.threshold, holders, valid, enough: valid >= facts.threshold };
}

/** Asks one holder; never throws for what that one does. */
export async function drillHolder(parameters: { client: NeuroClient; facts: VersionFacts; keyset: AnyKeyset; validatorId: number; timeoutMs?: number }): Promise<DrilledHolder> {
  const { client, facts, keyset, validatorId, timeoutMs = ANSWER_MS } = parameters;
  const { endpoint } = await readMember(client, validatorId);
  const nonce = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  const started = performance.now();
  try {
    const input = { assetId: facts.assetId, version: facts.version, nonce };
    const answer = await askValidator({ client, validatorId, question: 'drill', input, deadlineMs: timeoutMs });
    const latencyMs = Math.round(performance.now() - started);
    const reason = problemOf({ answer, client, facts, keyset, validatorId, nonce });
    return { validatorId, endpoint, latencyMs, ...(reason ? { state: 'invalid', reason } : { state: 'valid' }) };
  } catch (error) {
    const { code, message } = toNeuroError(error);
    // It answered, but had no share to prove.
    const answered = error instanceof NeuroError && code !== 'UNREACHABLE' && code !== 'TIMEOUT' && code !== 'RATE_LIMITED';
    return { validatorId, endpoint, state: answered ? 'invalid' : 'silent', reason: message };
  }
}

function problemOf(parameters: { answer: DrillAnswer; client: NeuroClient; facts: VersionFacts; keyset: AnyKeyset; validatorId: number; nonce: Hex }): string | undefined {
  const { answer, client, facts, keyset, validatorId, nonce } = parameters;
  if (answer.validatorId !== validatorId) return `answered for validator ${answer.validatorId}`;
  if (answer.epoch !== facts.epoch) return `answered for epoch ${answer.epoch} instead of ${facts.epoch}`;
  const index = keyset.members.findIndex((member) => member.validatorId === validatorId) + 1;
  const binding = drillBinding({ client, facts, validatorId });
  return checkShareProof({ commitments: keyset.commitments, index, binding, nonce, proof: answer.proof }) ? undefined : 'does not know the share that it should hold';
}
