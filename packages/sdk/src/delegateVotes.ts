import { neuroVotesAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Lets `delegatee` vote with all of the account's votes, from the next proposal on. */
export function delegateVotes(parameters: { client: NeuroClient; delegatee: Address }): Promise<Sent> {
  const { client, delegatee } = parameters;
  return client.send({ address: client.config.deployment.addresses.neuroVotes, abi: neuroVotesAbi, functionName: 'delegate', args: [delegatee], sentence: `Delegate votes to ${delegatee}` });
}
