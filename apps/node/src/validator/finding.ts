import { EngineError } from '@neurodata/engine';
import { toNeuroError } from '@neurodata/sdk';
import type { ErrorCode } from '@neurodata/protocol';
import { concatHex, encodeAbiParameters, keccak256, stringToHex } from 'viem';
import type { Address, Hex } from 'viem';

/** What a check found. `evidence` goes into the commitment; `reason` says in words what was wrong, or what was done. */
export type Finding = {
  verdict: 'accept' | 'reject';
  evidence: Hex;
  reason: string;
  /** Of a run: the digests of the checkpoints that were found, for a challenge. */
  digests?: Hex[];
  /** Of a run: by validator id, the evidence of whoever has done the work and accepts. */
  proofs?: Record<string, Hex>;
  /** Of the draw that it was found for. */
  seed?: Hex;
};

/** Thrown inside a check when a fact is wrong for good: the verdict is reject. Everything else is tried again. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Throws a {@link Refusal} unless `holds`. */
export function expectFact(holds: boolean, refusal: string): asserts holds {
  if (!holds) throw new Refusal(refusal);
}

const finalCodes: ReadonlySet<ErrorCode> = new Set(['CONTENT_MISMATCH', 'BAD_MANIFEST', 'BAD_SPEC', 'BAD_RECEIPT', 'BAD_INPUT', 'NO_KEY', 'TOO_LARGE']);

/** Awaits work on bytes that are fixed by their digest: where they are wrong, trying again finds the same, so it is a {@link Refusal}. */
export async function refuseIfWrong<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof EngineError && error.code !== 'ABORTED') throw new Refusal(`${what}: ${error.message}`, { cause: error });
    const { code, retryable, message, details } = toNeuroError(error);
    if (retryable || !finalCodes.has(code)) throw error;
    throw new Refusal(`${what}: ${message}${details ? ` ${details}` : ''}`, { cause: error });
  }
}

/**
 * Binds a finding to its round, its finder and to bytes that only who did the work has: keccak256(roundId || account ||
 * bytes). Copying another validator's evidence is of no use.
 */
export function bindEvidence(parameters: { roundId: Hex; account: Address; bytes: Hex }): Hex {
  const { roundId, account, bytes } = parameters;
  return keccak256(concatHex([roundId, account, bytes]));
}

/** The finding of a refused check. */
export function rejected(parameters: { roundId: Hex; account: Address; refusal: Refusal }): Finding {
  const { roundId, account, refusal } = parameters;
  return { verdict: 'reject', evidence: bindEvidence({ roundId, account, bytes: stringToHex(refusal.message) }), reason: refusal.message };
}

/** A number below `count` that nobody knew before the committee was drawn, another for each member. */
export function drawIndex(parameters: { seed: Hex; account: Address; count: number }): number {
  const { seed, account, count } = parameters;
  return Number(BigInt(keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'address' }], [seed, account]))) % BigInt(count));
}
