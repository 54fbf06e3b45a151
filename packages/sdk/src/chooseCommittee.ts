import { NeuroError, validatorsAbi } from '@neurodata/protocol';
import { hexToBytes } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** A validator that will hold a key share; its key comes from the chain, never from an API. */
export type KeyHolder = { validatorId: number; recipient: Uint8Array; endpoint: string };

export const MAX_COMMITTEE = 12;

/** Shares needed by default: two thirds, rounded up. */
export function defaultThreshold(members: number): number {
  return Math.ceil((members * 2) / 3);
}

/**
 * The validators that shall hold a version's key: those named, or a random choice of up to twelve active ones.
 * Throws `TOO_FEW_VALIDATORS` where none is active or a named one is not.
 */
export async function chooseCommittee(parameters: { client: NeuroClient; committee?: number[] }): Promise<KeyHolder[]> {
  const { client } = parameters;
  const contract = { address: client.config.deployment.addresses.validators, abi: validatorsAbi } as const;
  try {
    const count = await client.publicClient.readContract({ ...contract, functionName: 'validatorCount' });
    const ids = parameters.committee ?? Array.from({ length: count }, (_, index) => index + 1);
    const validators = await Promise.all(ids.map(async (validatorId) => ({ validatorId, ...(await client.publicClient.readContract({ ...contract, functionName: 'validator', args: [validatorId] })) })));
    const idle = parameters.committee && validators.find(({ active }) => !active);
    if (idle) throw new NeuroError(`Validator ${idle.validatorId} is not active.`, { code: 'TOO_FEW_VALIDATORS', remedy: 'Name active validators only.' });
    const active = validators.filter((validator) => validator.active);
    if (active.length === 0) throw new NeuroError('No validator is active, so nobody could hold the key.', { code: 'TOO_FEW_VALIDATORS', remedy: 'Wait until validators have registered.', retryable: true });
    const chosen = parameters.committee ? active : shuffled(active).slice(0, MAX_COMMITTEE).sort((a, b) => a.validatorId - b.validatorId);
    return chosen.map(({ validatorId, encryptionKey, endpoint }) => ({ validatorId, recipient: hexToBytes(encryptionKey), endpoint }));
  } catch (error) {
    throw toNeuroError(error);
  }
}

function shuffled<T>(items: T[]): T[] {
  const keys = crypto.getRandomValues(new Uint32Array(items.length));
  return items.map((item, index) => ({ item, key: keys[index] ?? 0 })).sort((a, b) => a.key - b.key).map(({ item }) => item);
}
