import { orderStates } from '@neurodata/protocol';
import { readVersion } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import type { Loop } from '../duty/createLoop.ts';
import { createGrantLoop, orFinal } from './createGrantLoop.ts';
import { expectPurpose } from './expectPurpose.ts';
import type { Asked } from './createGrantLoop.ts';
import { sealOwnShare } from './sealOwnShare.ts';
import type { ValidatorSetup } from './setup.ts';

type OpenedOrder = Asked & { listingId: number; version: number };
type Grant = { orderId: Hex; sealedShare: Hex };

/** Grants shares to buyers: follows `OrderOpened`. */
export function createGrants(setup: ValidatorSetup): Loop {
  const { client, contracts } = setup;
  return createGrantLoop<OpenedOrder, Grant>({
    setup, name: 'grants',
    read: async (range) => {
      const logs = await client.publicClient.getContractEvents({ ...contracts.market, ...range, eventName: 'OrderOpened', strict: true });
      return logs.map(({ args: { orderId, listingId, version, recipientKey } }) => ({ proofId: orderId, listingId, version, recipientKey }));
    },
    make: (opened) => makeGrant(setup, opened),
    send: (grants) => client.send({ ...contracts.market, functionName: 'grant', args: [grants], sentence: `Grant key shares to ${grants.length} orders` }),
  });
}

/** The grant that an order waits for from us, or undefined. */
async function makeGrant(setup: ValidatorSetup, opened: OpenedOrder): Promise<Grant | undefined> {
  const { proofId: orderId, version, recipientKey } = opened;
  const due = await findDueOrder(setup, opened);
  if (!due) return undefined;
  const { assetId, epoch, buyer } = due;
  const facts = await readVersion({ client: setup.client, assetId, version });
  await expectPurpose({ setup, facts, proofId: orderId, account: buyer });
  const sealedShare = await orFinal(setup, orderId, () => sealOwnShare({ setup, facts, epoch, proofId: orderId, recipientKey, seal: setup.sealGrant }));
  return sealedShare && { orderId, sealedShare };
}

/** Asset and buyer of an order that we held a share for when it was opened, or granted, have not granted and still may grant; and that epoch. */
async function findDueOrder(setup: ValidatorSetup, opened: OpenedOrder): Promise<{ assetId: number; epoch: number; buyer: Address } | undefined> {
  const { client, contracts, validatorId, log } = setup;
  const { publicClient } = client;
  const { proofId: orderId, listingId, version } = opened;
  const [order, listing, params, head] = await Promise.all([
    publicClient.readContract({ ...contracts.market, functionName: 'order', args: [orderId] }),
    publicClient.readContract({ ...contracts.market, functionName: 'listing', args: [listingId] }),
    publicClient.readContract({ ...contracts.market, functionName: 'params' }),
    publicClient.getBlock({ blockTag: 'latest' }),
  ]);
  const state = orderStates[order.state];
  if (state !== 'open' && state !== 'granted') return undefined;
  const { committee, epoch } = await publicClient.readContract({ ...contracts.custody, functionName: 'holdersAt', args: [listing.assetId, version, BigInt(order.changedAt)] });
  const place = committee.indexOf(validatorId);
  if (place < 0 || (order.grants & (1 << place)) !== 0) return undefined;
  const window = state === 'open' ? params.grantWindow - params.grantMargin : params.confirmWindow;
  if (Number(head.timestamp) > order.changedAt + window) {
    log.warn({ orderId, state }, 'too late to grant this order');
    return undefined;
  }
  return { assetId: Number(listing.assetId), epoch, buyer: order.buyer };
}
