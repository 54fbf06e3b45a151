import { disputesAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { findVote } from './findVote.ts';
import { readDispute } from './readDispute.ts';
import type { Sent } from './send.ts';

/**
 * Opens the vote that the account committed to, found among those in `client.votes` by the commitment on chain: whichever
 * attempt reached the chain is the one that is revealed. Throws `NO_KEY` where it is not there, `REVERTED`.
 */
export async function revealVote(parameters: { client: NeuroClient; disputeId: bigint }): Promise<Sent & { round: number; ruling: number }> {
  const { client, disputeId } = parameters;
  const { rounds } = await readDispute({ client, disputeId });
  const { contract, round, ruling, salt } = await findVote({ client, disputeId, round: rounds.length - 1 });
  const sent = await client.send({ address: contract, abi: disputesAbi, functionName: 'reveal', args: [disputeId, ruling, salt], sentence: `Reveal the vote on dispute ${disputeId}` });
  return { ...sent, round, ruling };
}
