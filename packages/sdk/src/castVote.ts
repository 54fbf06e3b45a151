import { governorAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

const supports = { against: 0, for: 1, abstain: 2 } as const;
export type Support = keyof typeof supports;

/** Votes with all votes that the account had when voting began; once. Throws `REVERTED` outside of the voting period. */
export function castVote(parameters: { client: NeuroClient; proposalId: bigint; support: Support }): Promise<Sent> {
  const { client, proposalId, support } = parameters;
  return client.send({ address: client.config.deployment.addresses.governor, abi: governorAbi, functionName: 'castVote', args: [proposalId, supports[support]], sentence: `Vote ${support} proposal ${proposalId}` });
}
