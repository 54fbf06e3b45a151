import { NeuroError, disputesAbi } from '@neurodata/protocol';
import { isAddressEqual } from 'viem';
import { commitmentOf } from './commitVote.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import { readDispute } from './readDispute.ts';
import type { Sent } from './send.ts';
import type { SecretVote } from './votes.ts';

/**
 * Opens the vote that the account committed to, found among those in `client.votes` by the commitment on chain: whichever
 * attempt reached the chain is the one that is revealed. Throws `NO_KEY` where it is not there, `REVERTED`.
 */
export async function revealVote(parameters: { client: NeuroClient; disputeId: bigint }): Promise<Sent & { round: number; ruling: number }> {
  const { client, disputeId } = parameters;
  const vote = await findVote({ client, disputeId });
  const { round, ruling, salt } = vote;
  const sent = await client.send({ address: vote.contract, abi: disputesAbi, functionName: 'reveal', args: [disputeId, ruling, salt], sentence: `Reveal the vote on dispute ${disputeId}` });
  return { ...sent, round, ruling };
}

async function findVote(parameters: { client: NeuroClient; disputeId: bigint }): Promise<SecretVote> {
  const { client, disputeId } = parameters;
  const juror = accountOf(client).address;
  const { chainId, addresses: { disputes: contract } } = client.config.deployment;
  const round = (await readDispute({ client, disputeId })).rounds.length - 1;
  const { commitment } = await client.publicClient.readContract({ address: contract, abi: disputesAbi, functionName: 'seat', args: [disputeId, round, juror] });
  const kept = await client.votes.list();
  const found = kept.find((vote) => vote.chainId === chainId && isAddressEqual(vote.contract, contract) && vote.disputeId === disputeId && vote.round === round
    && isAddressEqual(vote.juror, juror) && commitmentOf(vote) === commitment);
  if (found) return found;
  if (/^0x0+$/.test(commitment)) throw new NeuroError(`${juror} has committed no vote on dispute ${disputeId} in this round.`, { code: 'CONFLICT', remedy: 'Commit first, while the phase lasts.' });
  throw new NeuroError(`The vote that ${juror} committed to is not kept here.`, { code: 'NO_KEY', remedy: 'Reveal it on the machine that committed it, or put its vote file back.', details: commitment });
}
