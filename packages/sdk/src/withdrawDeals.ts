import { milestoneEscrowAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import type { Sent } from './send.ts';

/** Pays what deals have credited to the account in a token (NCR by default), to itself or to another account. */
export function withdrawDeals(parameters: { client: NeuroClient; token?: Address; to?: Address }): Promise<Sent> {
  const { client, token = client.config.deployment.addresses.neuroCoin, to = accountOf(client).address } = parameters;
  return client.send({ address: client.config.deployment.addresses.milestoneEscrow, abi: milestoneEscrowAbi, functionName: 'withdraw', args: [token, to], sentence: 'Withdraw what deals owe you' });
}
