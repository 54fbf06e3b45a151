import { type Config, governorAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

const supports = { against: 0, for: 1, abstain: 2 } as const;
export type Support = keyof typeof supports;

/** What `castVote` sends. */
export function voteCall({ config, proposalId, support, reason }: { config: Config; proposalId: bigint; support: Support; reason?: string | undefined }) {
  const governor = { address: config.deployment.addresses.governor, abi: governorAbi, sentence: `Vote ${support} proposal ${proposalId}` } as const;
  if (reason === undefined) return { ...governor, functionName: 'castVote', args: [proposalId, supports[support]] } as const;
  return { ...governor, functionName: 'castVoteWithReason', args: [proposalId, supports[support], reason] } as const;
}

/** Votes with all votes that the account had when voting began; once. `reason` is public. Throws `REVERTED` outside of the voting period. */
export function castVote(parameters: { client: NeuroClient; proposalId: bigint; support: Support; reason?: string }): Promise<Sent> {
  const { client, ...vote } = parameters;
  const call = voteCall({ config: client.config, ...vote });
  return call.functionName === 'castVote' ? client.send(call) : client.send(call);
}
