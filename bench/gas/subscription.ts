import { subscriptionsAbi } from '@neurodata/protocol';
import { parseEventLogs } from 'viem';
import { coinAccessList } from '../../packages/sdk/src/coinAccessList.ts';
import { digest, type Economy, list, noPermit, price } from './economy.ts';
import { type Measured, of } from './measured.ts';

const months = 12;

/** Another account subscribes first, so that the contract holds coins; then a returning buyer does. */
export async function measureSubscription(economy: Economy, assetId: bigint): Promise<Record<'subscribe' | 'renew' | 'renewUnlisted' | 'renewOf12', Measured>> {
  const { write, buyer, publisher, addresses } = economy;
  const listingId = await list(economy, { assetId, kind: 2 });
  await write(publisher, 'subscriptions', 'subscribe', [listingId, 1, 1, price, digest('first'), noPermit]);
  const taken = await write(buyer, 'subscriptions', 'subscribe', [listingId, 1, 1, price, digest('second'), noPermit]);
  const [event] = parseEventLogs({ abi: subscriptionsAbi, eventName: 'Subscribed', logs: taken.logs });
  if (event === undefined) throw new Error('subscribe made no Subscribed.');
  const accessList = coinAccessList({ coin: addresses.neuroCoin, from: buyer, to: addresses.subscriptions });
  return {
    subscribe: of(taken),
    renew: of(await write(buyer, 'subscriptions', 'renewNow', [listingId], accessList)),
    renewUnlisted: of(await write(buyer, 'subscriptions', 'renewNow', [listingId])),
    renewOf12: of(await write(buyer, 'subscriptions', 'renew', [event.args.subscriptionId, months, noPermit]), months),
  };
}
