import { NeuroError, marketAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import { claimCall } from './marketCalls.ts';
import { readListing } from './readListing.ts';
import { readOrder } from './readOrder.ts';
import type { Sent } from './send.ts';
import { type TokenSum, sumByToken } from './sumByToken.ts';

const BATCH = 50;

/**
 * Collects the money of orders that were released, or left silent past their window; by default all of the account's.
 * `paid` in base units of NCR, `sums` for each token, `hash` of the last transaction. Throws `CONFLICT` where there is nothing to claim.
 */
export async function claimOrders(parameters: { client: NeuroClient; orderIds?: Hex[] }): Promise<{ claimed: Hex[]; paid: bigint; sums: TokenSum[]; hash: Hex; gasUsed: bigint }> {
  const { client } = parameters;
  const seller = accountOf(client).address;
  const orderIds = parameters.orderIds ?? (await client.api.getAccount({ address: seller })).claimable;
  let last: Sent | undefined;
  let gasUsed = 0n;
  const amounts: { id: Hex; amount: bigint }[] = [];
  for (let at = 0; at < orderIds.length; at += BATCH) {
    const batch = orderIds.slice(at, at + BATCH);
    const sent = await client.send(claimCall({ config: client.config, seller, orderIds: batch }));
    last = sent;
    gasUsed += sent.gasUsed;
    for (const { args } of parseEventLogs({ abi: marketAbi, eventName: 'OrderClaimed', logs: sent.receipt.logs })) {
      amounts.push({ id: args.orderId, amount: args.toSeller });
    }
  }
  if (!last) throw new NeuroError('There is nothing to claim now.', { code: 'CONFLICT', remedy: 'Orders can be claimed once their buyer confirmed, or the confirm window is over.' });
  const sums = await sumByToken({ client, amounts, tokenOf: async (orderId) => (await readListing({ client, listingId: (await readOrder({ client, orderId })).listingId })).token });
  return { claimed: amounts.map(({ id }) => id), paid: sums[0]?.amount ?? 0n, sums, hash: last.hash, gasUsed };
}
