import { governorAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

const supports = { against: 0, for: 1, abstain: 2 } as const;
export type Support = keyof typeof supports;

/** Votes with all votes that the account had when voting began; once. `reason` is public. Throws `REVERTED` outside of the voting period. */
export function castVote(parameters: { client: NeuroClient; proposalId: bigint; support: Support; reason?: string }): Promise<Sent> {
  const { client, proposalId, support, reason } = parameters;
  const governor = { address: client.config.deployment.addresses.governor, abi: governorAbi, sentence: `Vote ${support} proposal ${proposalId}` } as const;
  if (reason === undefined) return client.send({ ...governor, functionName: 'castVote', args: [proposalId, supports[support]] });
  return client.send({ ...governor, functionName: 'castVoteWithReason', args: [proposalId, supports[support], reason] });
}
