import { parseNcr } from '@neurodata/protocol';
import { castVote, executeProposal, poll, propose, queueProposal, readProposal, wrapVotes } from '@neurodata/sdk';
import type { ProposedCall } from '@neurodata/sdk';
import type { Stack } from './stack.ts';

/** Has a vote decide calls of the timelock, and carries them out. Lets a few minutes pass on the chain. */
export async function decide(stack: Stack, calls: ProposedCall[], description: string): Promise<void> {
  const client = await stack.client('carol');
  await wrapVotes({ client, amount: parseNcr('5000') });
  const eventually = <T>(what: string, ask: () => Promise<T | undefined>): Promise<T> => poll({ what, remedy: 'Look at the chain.', timeoutMs: 30_000, intervalMs: 500, ask: () => ask().catch(() => undefined) });
  const { proposalId } = await eventually('votes of a past second', () => propose({ client, calls, description }));
  await eventually('voting to begin', () => castVote({ client, proposalId, support: 'for' }));
  await stack.node.chain.mine({ secondsLater: 180 });
  await queueProposal({ client, proposalId });
  await stack.node.chain.mine({ secondsLater: 10 });
  await executeProposal({ client, proposalId });
  await eventually('the vote to be carried out', async () => ((await readProposal({ client, proposalId })).state === 'executed' ? true : undefined));
}
