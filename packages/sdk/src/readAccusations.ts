import { type AccusationState, accusationStates, accusationsAbi } from '@neurodata/protocol';
import type { Address, Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { readLogs } from './logs.ts';

/** One accusation of a granted share. `lost` and `toAccuser` in base units of NCR, 0 while it is open; `block` of the accusation. */
export type Accusation = { roundId: Hex; proofId: Hex; validatorId: number; accuser: Address; state: AccusationState; lost: bigint; toAccuser: bigint; block: number };

/** The accusations of one validator's grants, or of those to one order or subscription, oldest first, from the chain's logs. Throws what the RPC throws. */
export async function readAccusations(parameters: { client: NeuroClient } & ({ validatorId: number } | { proofId: Hex })): Promise<Accusation[]> {
  const { client, ...args } = parameters;
  const contract = { address: client.config.deployment.addresses.accusations, abi: accusationsAbi, strict: true } as const;
  const made = await readLogs(client, (range) => client.publicClient.getContractEvents({ ...contract, ...range, eventName: 'GrantAccused', args }));
  if (made.length === 0) return [];
  const roundIds = made.map((log) => log.args.roundId);
  const ended = await readLogs(client, (range) => client.publicClient.getContractEvents({ ...contract, ...range, eventName: 'AccusationEnded', args: { roundId: roundIds } }));
  return made.map(({ args: { roundId, proofId, validatorId, accuser }, blockNumber }) => {
    const end = ended.find((log) => log.args.roundId === roundId)?.args;
    const state = end ? (accusationStates[end.state] ?? 'none') : 'open';
    return { roundId, proofId, validatorId, accuser, state, lost: end?.lost ?? 0n, toAccuser: end?.toAccuser ?? 0n, block: Number(blockNumber) };
  });
}
