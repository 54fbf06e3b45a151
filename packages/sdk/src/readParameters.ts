import { type ParameterContract, parameterContracts } from '@neurodata/protocol';
import type { AbiFunction, AbiParameter } from 'viem';
import { contractAbis } from './contractAbis.ts';
import type { ChainReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** A parameter that a vote can change. `value` is what it is now: numbers as bigint, amounts in base units, addresses as text. */
export type ContractParameter = { contract: ParameterContract; name: string; type: string; value: bigint | string };

/** A contract's parameters with their types, as `setParams` takes them. */
export function parameterTypes(contract: ParameterContract): Map<string, string> {
  const item = contractAbis[contract].find((entry): entry is AbiFunction => entry.type === 'function' && entry.name === 'setParams');
  const struct = item?.inputs[0] as (AbiParameter & { components?: readonly AbiParameter[] }) | undefined;
  return new Map((struct?.components ?? []).map(({ name, type }) => [name ?? '', type]));
}

/** Reads every parameter that a vote can change, contract by contract. */
export async function readParameters(parameters: { client: ChainReader }): Promise<ContractParameter[]> {
  const { client: { publicClient, config: { deployment: { addresses } } } } = parameters;
  try {
    const all = await Promise.all(parameterContracts.map(async (contract) => {
      const now = await publicClient.readContract({ address: addresses[contract], abi: contractAbis[contract], functionName: 'params' }) as Record<string, bigint | number | string>;
      return [...parameterTypes(contract)].map(([name, type]) => {
        const value = now[name] ?? 0n;
        return { contract, name, type, value: typeof value === 'number' ? BigInt(value) : value };
      });
    }));
    return all.flat();
  } catch (error) {
    throw toNeuroError(error);
  }
}
