import { type PreparedCall } from '@neurodata/protocol';
import { type Address, encodeFunctionData } from 'viem';
import type { ChainReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { type AnyCall, explained, requestOf } from './send.ts';

/** A call to be signed, and the gas that it takes now; null where an earlier call of the list must come first, or the chain says nothing. */
export type PreparedStep = PreparedCall & { gas: bigint | null };

/**
 * Calls as whoever keeps the account's key would sign them, in order. The first is tried on the chain, so that a refusal is
 * explained before anything is signed. Throws `REVERTED`.
 */
export async function prepareCalls(parameters: { client: ChainReader; account: Address; calls: readonly AnyCall[] }): Promise<PreparedStep[]> {
  const { client, account, calls } = parameters;
  const [first] = calls;
  const gas = first ? await estimate({ client, account, call: first }) : null;
  return calls.map((call, index) => ({
    chainId: client.config.deployment.chainId, to: call.address, value: 0n, sentence: call.sentence, senders: [account], gas: index === 0 ? gas : null,
    data: encodeFunctionData({ abi: call.abi, functionName: call.functionName, args: [...call.args] }),
  }));
}

async function estimate({ client, account, call }: { client: ChainReader; account: Address; call: AnyCall }): Promise<bigint | null> {
  try {
    return await client.publicClient.estimateContractGas({ ...requestOf(call), account });
  } catch (error) {
    if (toNeuroError(error).code === 'REVERTED') throw explained(error, call);
    return null;
  }
}
