import { type Addresses, NeuroError, type ParameterContract } from '@neurodata/protocol';
import type { Abi, Address } from 'viem';
import { contractAbis } from './contractAbis.ts';
import type { ChainReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { type ProposedCall, encodeCall } from './propose.ts';
import { parameterTypes } from './readParameters.ts';

type ParameterCallParameters = { client: ChainReader; contract: ParameterContract; /** Numbers in digits, amounts in base units. */ changes: Record<string, string | number | boolean | bigint> };

/**
 * The call that changes some parameters of a contract and sets the others to what they are now, for `propose`. A vote takes
 * days, so it is tried first as the contract's owner. Throws `BAD_INPUT`, `REVERTED` where the contract refuses it.
 */
export async function parameterCall({ client, contract, changes }: ParameterCallParameters): Promise<ProposedCall> {
  const { publicClient, config: { deployment: { addresses } } } = client;
  const types = parameterTypes(contract);
  const unknown = Object.keys(changes).filter((name) => !types.has(name));
  if (unknown.length > 0 || Object.keys(changes).length === 0) throw new NeuroError(unknown.length > 0 ? `${contract} has no parameter ${unknown.join(', ')}.` : 'Nothing would change.', { code: 'BAD_INPUT', remedy: `It has ${[...types.keys()].join(', ')}.` });
  const now = await publicClient.readContract({ address: addresses[contract], abi: contractAbis[contract], functionName: 'params' }) as Record<string, unknown>;
  const next = { ...now, ...Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, toAbi(name, types.get(name) ?? '', value)])) };
  const call: ProposedCall = { contract, functionName: 'setParams', args: [next] };
  await tryAsOwner(client, contract, encodeCall(addresses, call));
  return call;
}

function toAbi(name: string, type: string, value: string | number | boolean | bigint): unknown {
  const bits = /^uint(\d+)$/.exec(type)?.[1];
  if (bits === undefined) return value;
  if (!/^\d{1,78}$/.test(String(value))) throw new NeuroError(`${name} is not a whole number.`, { code: 'BAD_INPUT', remedy: 'Write it in digits; amounts in base units.' });
  return Number(bits) <= 48 ? Number(value) : BigInt(value);
}

async function tryAsOwner({ publicClient, config }: ChainReader, contract: keyof Addresses, { target, data }: ReturnType<typeof encodeCall>): Promise<void> {
  const abi: Abi = contractAbis[contract];
  const owner = await publicClient.readContract({ address: config.deployment.addresses[contract], abi, functionName: 'owner' }) as Address;
  try {
    await publicClient.call({ account: owner, to: target, data });
  } catch (error) {
    const known = toNeuroError(error);
    throw new NeuroError(`${contract} would refuse these parameters.`, { code: 'REVERTED', remedy: 'Look up its bounds in docs/contracts.md.', details: known.message, cause: error });
  }
}
