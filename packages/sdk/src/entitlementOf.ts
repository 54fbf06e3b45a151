import { type OrderDto, type SubscriptionDto, marketAbi, ownerProofId } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { type OpenOrderKeyResult, openOrderKey } from './openOrderKey.ts';
import { openSubscriptionKey } from './openSubscriptionKey.ts';
import { requestShares } from './requestShares.ts';

/** By what an account may have a version's key now, or why not. */
export type Entitlement =
  | { by: 'order'; orderId: Hex }
  | { by: 'subscription'; subscriptionId: Hex }
  | { by: 'owner' }
  /** `pending`: bought, and validators have not granted the key yet. `lapsed`: a subscription that must be renewed or asked for this version. */
  | { by: 'nothing'; why: 'no account' | 'not bought' | 'pending' | 'lapsed'; proofId?: Hex };

export type EntitlementParameters = { client: NeuroClient; assetId: number; version: number };

const opened = new Set<OrderDto['state']>(['granted', 'disputed', 'released', 'claimed']);

/**
 * Whether the client's account may open a version: by an order, a subscription, or as its owner. The node names what the account holds, the market on chain decides
 * (`entitled`); a key that a subscription was granted stays granted, as the chain keeps it.
 */
export async function entitlementOf(parameters: EntitlementParameters): Promise<Entitlement> {
  const { client, assetId, version } = parameters;
  if (!client.account) return { by: 'nothing', why: 'no account' };
  const { address } = client.account;
  const orders = (await allOf((cursor) => client.api.listOrders({ buyer: address, assetId, limit: 100, ...cursor }))).filter((order) => order.version === version && order.state !== 'refunded');
  for (const { orderId, state } of orders) if (opened.has(state) && (await isEntitled(client, { ...parameters, proofId: orderId }))) return { by: 'order', orderId };
  const subscriptions = await allOf((cursor) => client.api.listSubscriptions({ account: address, assetId, limit: 100, ...cursor }));
  const granted = subscriptions.find((entry) => isGranted(entry, version));
  if (granted) return { by: 'subscription', subscriptionId: granted.subscriptionId };
  if (await isEntitled(client, { ...parameters, proofId: ownerProofId(assetId, version) })) return { by: 'owner' };
  if (orders[0]) return { by: 'nothing', why: 'pending', proofId: orders[0].orderId };
  return subscriptions[0] ? { by: 'nothing', why: 'lapsed', proofId: subscriptions[0].subscriptionId } : { by: 'nothing', why: 'not bought' };
}

const isGranted = ({ requests }: SubscriptionDto, version: number): boolean => requests.some((asked) => asked.version === version && asked.grants.length >= asked.threshold);

/** The key secret of a version for the client's account, by what entitles it. Throws as {@link openOrderKey}. */
export async function openEntitledKey(parameters: EntitlementParameters & { entitlement: Exclude<Entitlement, { by: 'nothing' }> }): Promise<Pick<OpenOrderKeyResult, 'secret' | 'facts'>> {
  const { client, assetId, version, entitlement } = parameters;
  if (entitlement.by === 'order') return openOrderKey({ client, orderId: entitlement.orderId });
  if (entitlement.by === 'subscription') return openSubscriptionKey({ client, subscriptionId: entitlement.subscriptionId, version });
  return requestShares({ client, assetId, version, proofId: ownerProofId(assetId, version) });
}

async function isEntitled(client: NeuroClient, { assetId, version, proofId }: { assetId: number; version: number; proofId: Hex }): Promise<boolean> {
  const { market } = client.config.deployment.addresses;
  const account = client.account?.address;
  if (!account) return false;
  const asked = client.publicClient.readContract({ address: market, abi: marketAbi, functionName: 'entitled', args: [account, BigInt(assetId), version, proofId] });
  return asked.catch((error: unknown) => { throw toNeuroError(error); });
}

async function allOf<T>(read: (cursor: { cursor?: number }) => Promise<{ items: T[]; next?: number | undefined }>): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: { cursor?: number } = {}; ;) {
    const page = await read(cursor);
    items.push(...page.items);
    if (page.next === undefined || page.items.length === 0) return items;
    cursor = { cursor: page.next };
  }
}
