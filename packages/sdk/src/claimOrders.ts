import { marketAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';

const BATCH = 50;

/**
 * Collects the money of orders that were released, or left silent past their window; by default all of the account's.
 * `paid` in base units of NCR. What was credited may have to be withdrawn: see `withdrawCredits`.
 */
export async function claimOrders(parameters: { client: NeuroClient; orderIds?: Hex[] }): Promise<{ claimed: Hex[]; paid: bigint; hashes: Hex[] }> {
  const { client } = parameters;
  const seller = accountOf(client).address;
  const orderIds = parameters.orderIds ?? (await client.api.getAccount({ address: seller })).claimable;
  const hashes: Hex[] = [];
  const claimed: Hex[] = [];
  let paid = 0n;
  for (let at = 0; at < orderIds.length; at += BATCH) {
    const batch = orderIds.slice(at, at + BATCH);
    const sent = await client.send({ address: client.config.deployment.addresses.market, abi: marketAbi, functionName: 'claim', args: [seller, batch], sentence: `Claim ${batch.length} orders` });
    hashes.push(sent.hash);
    for (const { args } of parseEventLogs({ abi: marketAbi, eventName: 'OrderClaimed', logs: sent.receipt.logs })) {
      claimed.push(args.orderId);
      paid += args.toSeller;
    }
  }
  return { claimed, paid, hashes };
}
