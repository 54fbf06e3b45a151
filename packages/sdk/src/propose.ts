import { type Addresses, NeuroError, governorAbi } from '@neurodata/protocol';
import { type Address, type Hex, encodeFunctionData, parseEventLogs } from 'viem';
import { contractAbis } from './contractAbis.ts';
import type { NeuroClient } from './createClient.ts';

/** What the timelock shall do: one function of one contract. */
export type ProposedCall = { contract: keyof Addresses; functionName: string; args: readonly unknown[] };

/** The same as the governor takes it, of any contract. */
export type EncodedCall = { target: Address; data: Hex };

/** A call as the governor takes it; throws `BAD_INPUT` where the contract has no such function or the arguments do not fit. */
export function encodeCall(addresses: Addresses, call: ProposedCall | EncodedCall): EncodedCall {
  if ('target' in call) return { target: call.target, data: call.data };
  const { contract, functionName, args } = call;
  const abi = contractAbis[contract];
  if (!abi) throw new NeuroError(`A proposal cannot call "${contract}".`, { code: 'BAD_INPUT', remedy: `Choose one of ${Object.keys(contractAbis).join(', ')}.` });
  try {
    return { target: addresses[contract], data: encodeFunctionData({ abi, functionName, args }) };
  } catch (cause) {
    throw new NeuroError(`${contract}.${functionName} does not take these arguments.`, { code: 'BAD_INPUT', remedy: 'Look its signature up in docs/contracts.md.', details: cause instanceof Error ? cause.message : String(cause), cause });
  }
}

/**
 * Proposes calls that the timelock makes if a vote says so; two proposals of the same calls need different descriptions.
 * Needs the governor's threshold of delegated votes. Throws `BAD_INPUT`, `REVERTED`.
 *
 * @example const { proposalId } = await propose({ client, calls: [{ contract: 'neuroCoin', functionName: 'setBudget', args: [pool, amount] }], description: 'Fund the pool' });
 */
export async function propose(parameters: { client: NeuroClient; calls: readonly (ProposedCall | EncodedCall)[]; description: string }): Promise<{ proposalId: bigint; hash: Hex; gasUsed: bigint }> {
  const { client, calls, description } = parameters;
  const { addresses } = client.config.deployment;
  const encoded = calls.map((call) => encodeCall(addresses, call));
  const args = [encoded.map(({ target }) => target), encoded.map(() => 0n), encoded.map(({ data }) => data), description] as const;
  const sent = await client.send({ address: addresses.governor, abi: governorAbi, functionName: 'propose', args, sentence: `Propose "${description.split('\n')[0] ?? ''}"` });
  const [created] = parseEventLogs({ abi: governorAbi, eventName: 'ProposalCreated', logs: sent.receipt.logs });
  if (!created) throw new NeuroError('The proposal left no event.', { code: 'INTERNAL', details: sent.hash });
  return { proposalId: created.args.proposalId, hash: sent.hash, gasUsed: sent.gasUsed };
}
