import { NeuroError, disputesAbi } from '@neurodata/protocol';
import { isAddressEqual } from 'viem';
import { commitmentOf } from './commitVote.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import type { SecretVote } from './votes.ts';

/**
 * The vote in `client.votes` that the account committed to in a round, by the commitment on chain. Throws `NO_KEY` where it
 * is not there, `CONFLICT` where none was committed.
 */
export async function findVote(parameters: { client: NeuroClient; disputeId: bigint; round: number }): Promise<SecretVote> {
  const { client, disputeId, round } = parameters;
  const juror = accountOf(client).address;
  const { chainId, addresses: { disputes: contract } } = client.config.deployment;
  const { commitment } = await client.publicClient.readContract({ address: contract, abi: disputesAbi, functionName: 'seat', args: [disputeId, round, juror] });
  const kept = await client.votes.list();
  const found = kept.find((vote) => vote.chainId === chainId && isAddressEqual(vote.contract, contract) && vote.disputeId === disputeId && vote.round === round
    && isAddressEqual(vote.juror, juror) && commitmentOf(vote) === commitment);
  if (found) return found;
  if (/^0x0+$/.test(commitment)) throw new NeuroError(`${juror} has committed no vote on dispute ${disputeId} in this round.`, { code: 'CONFLICT', remedy: 'Commit first, while the phase lasts.' });
  throw new NeuroError(`The vote that ${juror} committed to is not kept here.`, { code: 'NO_KEY', remedy: 'Reveal it on the machine that committed it, or put its vote file back.', details: commitment });
}
