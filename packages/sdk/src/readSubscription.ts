import { NeuroError, subscriptionsAbi } from '@neurodata/protocol';
import type { Address, Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { lastLog, readLogs } from './logs.ts';
import { readListing } from './readListing.ts';
import type { SealedShare } from './shares.ts';

/** A subscription as the chain has it. `price` of a period in base units of `token`; times in Unix seconds, `period` in seconds. */
export type SubscriptionFacts = {
  subscriptionId: Hex; listingId: number; assetId: number; account: Address; seller: Address; price: bigint; token: Address;
  period: number; paidUntil: number; closed: boolean;
  /** Paid and neither claimed nor returned; base units. */
  held: bigint;
  /** What was asked last. `grantedUntil`: end of the last period in which a key was granted, 0 where none was. */
  request: { version: number; grants: number; requestedAt: number; grantedUntil: number };
};

const contractOf = (client: NeuroClient) => ({ address: client.config.deployment.addresses.subscriptions, abi: subscriptionsAbi }) as const;

/** Reads a subscription from the contract; throws `NOT_FOUND`. */
export async function readSubscription(parameters: { client: NeuroClient; subscriptionId: Hex }): Promise<SubscriptionFacts> {
  const { client, subscriptionId } = parameters;
  const call = { ...contractOf(client), args: [subscriptionId] } as const;
  const [subscription, asked, held] = await Promise.all([
    client.publicClient.readContract({ ...call, functionName: 'subscription' }),
    client.publicClient.readContract({ ...call, functionName: 'request' }),
    client.publicClient.readContract({ ...call, functionName: 'heldFor' }),
  ]).catch((error: unknown) => {
    const known = toNeuroError(error);
    if (known.details?.startsWith('UnknownSubscription')) throw new NeuroError(`There is no subscription ${subscriptionId}.`, { code: 'NOT_FOUND', remedy: 'Check the id.' });
    throw known;
  });
  const { listingId, account, price, period, paidUntil, closed } = subscription;
  const { assetId, seller, token } = await readListing({ client, listingId });
  const { version, grants, requestedAt, grantedUntil } = asked;
  return { subscriptionId, listingId, assetId, account, seller, price, token, period, paidUntil, closed, held, request: { version, grants: countBits(grants), requestedAt, grantedUntil } };
}

function countBits(word: number): number {
  return [...word.toString(2)].filter((bit) => bit === '1').length;
}

/** The id of an account's subscription to a listing: 0x04, seven zero bytes, the listing (4 bytes), the account (20). */
export function subscriptionIdOf(listingId: number, account: Address): Hex {
  return `0x04${'00'.repeat(7)}${listingId.toString(16).padStart(8, '0')}${account.slice(2).toLowerCase()}`;
}

/** One request for a key and the shares that answered it, from the chain's logs. */
export type KeyRequest = { version: number; recipientKey: Hex; block: bigint; shares: SealedShare[] };

/** Every request of a subscription, oldest first. A share belongs to the request before it: the contract takes no other. */
export async function readKeyRequests(parameters: { client: NeuroClient; subscriptionId: Hex }): Promise<KeyRequest[]> {
  const { client, subscriptionId } = parameters;
  const query = { ...contractOf(client), args: { subscriptionId }, strict: true } as const;
  const [asked, granted] = await Promise.all([
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...query, ...range, eventName: 'KeyRequested' })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...query, ...range, eventName: 'SubscriptionShareGranted' })),
  ]);
  lastLog(asked, `Subscription ${subscriptionId}`);
  const requests = asked.map(({ args, blockNumber }): KeyRequest => ({ version: args.version, recipientKey: args.recipientKey, block: blockNumber, shares: [] }));
  for (const { args, blockNumber, logIndex } of granted) {
    const at = asked.findLastIndex((log) => log.blockNumber < blockNumber || (log.blockNumber === blockNumber && log.logIndex < logIndex));
    requests[at]?.shares.push({ validatorId: args.validatorId, sealedShare: args.sealedShare });
  }
  return requests;
}
