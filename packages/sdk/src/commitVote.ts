import { NeuroError, disputesAbi } from '@neurodata/protocol';
import { type Hex, bytesToHex, encodeAbiParameters, keccak256, parseAbiParameters } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import { readDispute } from './readDispute.ts';
import type { Sent } from './send.ts';
import type { SecretVote } from './votes.ts';

/** What a juror commits to; mirrors `IDisputes.commit`. */
export function commitmentOf({ disputeId, round, juror, ruling, salt }: Omit<SecretVote, 'chainId' | 'contract'>): Hex {
  return keccak256(encodeAbiParameters(parseAbiParameters('uint256, uint8, address, uint8, bytes32'), [disputeId, round, juror, ruling, salt]));
}

/**
 * Commits the account, a juror with a seat, to a ruling; 0 refuses to decide. The ruling and its salt are in
 * `client.votes` before the transaction is sent, so that they can be revealed after a crash. Throws `BAD_INPUT`, `CONFLICT`
 * outside of the commit phase, `REVERTED`.
 *
 * @example await commitVote({ client, disputeId: 3n, ruling: 1 });
 */
export async function commitVote(parameters: { client: NeuroClient; disputeId: bigint; ruling: number }): Promise<Sent & { round: number; commitment: Hex }> {
  const { client, disputeId, ruling } = parameters;
  const juror = accountOf(client).address;
  const { chainId, addresses: { disputes: address } } = client.config.deployment;
  const { choices, phase, rounds } = await readDispute({ client, disputeId });
  if (!Number.isInteger(ruling) || ruling < 0 || ruling > choices) throw new NeuroError(`Dispute ${disputeId} has no ruling ${ruling}.`, { code: 'BAD_INPUT', remedy: `Choose 1 to ${choices}, or 0 to refuse to decide.` });
  if (phase !== 'commit') throw new NeuroError(`Dispute ${disputeId} is in phase "${phase}".`, { code: 'CONFLICT', remedy: 'Votes are committed once the jury is complete, until the time shown.' });
  const round = rounds.length - 1;
  const vote: SecretVote = { chainId, contract: address, disputeId, round, juror, ruling, salt: bytesToHex(crypto.getRandomValues(new Uint8Array(32))) };
  const commitment = commitmentOf(vote);
  // An attempt that never reaches the chain leaves a vote that nothing asks for; it harms nobody.
  await client.votes.put(vote);
  const sent = await client.send({ address, abi: disputesAbi, functionName: 'commit', args: [disputeId, commitment], sentence: `Commit a vote on dispute ${disputeId}` });
  return { ...sent, round, commitment };
}
