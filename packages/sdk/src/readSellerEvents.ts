import { type SellerEvent, marketAbi, orderDisputesAbi, subscriptionsAbi, trainingAbi } from '@neurodata/protocol';
import { type Address, type Hex, isAddressEqual, zeroAddress } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { readLogsUpTo } from './logs.ts';

type Log = { blockNumber: bigint; logIndex: number; blockTimestamp?: bigint | undefined };
type Placed = { block: bigint; logIndex: number; make: (at: number) => SellerEvent };

/** Topics per request: servers refuse long lists. */
const mostIds = 200;

/**
 * The events that a seller's reputation follows from, from the chain's logs alone, up to a block, in the order of the chain. Nothing is
 * asked of a node but logs and times of blocks.
 */
export async function readSellerEvents(parameters: { client: NeuroClient; seller: Address; toBlock: number }): Promise<SellerEvent[]> {
  const { client, seller, toBlock } = parameters;
  const { publicClient, config: { deployment: { addresses } } } = client;
  const market = { address: addresses.market, abi: marketAbi } as const;
  const placed: Placed[] = [];
  const timeOf = new Map<bigint, number>();
  const place = (log: Log, make: Placed['make']): void => {
    if (log.blockTimestamp !== undefined) timeOf.set(log.blockNumber, Number(log.blockTimestamp));
    placed.push({ block: log.blockNumber, logIndex: log.logIndex, make });
  };
  const read = <T>(ask: (range: { fromBlock: bigint; toBlock: bigint }) => Promise<T[]>): Promise<T[]> => readLogsUpTo(client, BigInt(toBlock), ask);
  const readEach = async <I, T>(ids: I[], ask: (part: I[], range: { fromBlock: bigint; toBlock: bigint }) => Promise<T[]>): Promise<T[]> => {
    const found: T[] = [];
    for (let start = 0; start < ids.length; start += mostIds) found.push(...(await read((range) => ask(ids.slice(start, start + mostIds), range))));
    return found;
  };

  const created = await read((range) => publicClient.getContractEvents({ ...market, eventName: 'ListingCreated', args: { seller }, strict: true, ...range }));
  for (const log of created) place(log, (at) => ({ name: 'ListingCreated', at }));
  const listingIds = created.map(({ args }) => args.listingId);
  const extended = await readEach(listingIds, (listingId, range) => publicClient.getContractEvents({ ...market, eventName: 'ListingExtended', args: { listingId }, strict: true, ...range }));
  const tokenOf = new Map(extended.map(({ args }): [number, Address | null] => [args.listingId, isAddressEqual(args.extras.token, zeroAddress) ? null : args.extras.token]));

  const opened = await readEach(listingIds, (listingId, range) => publicClient.getContractEvents({ ...market, eventName: 'OrderOpened', args: { listingId }, strict: true, ...range }));
  for (const log of opened) {
    const { orderId, buyer, price, listingId } = log.args;
    place(log, (at) => ({ name: 'OrderOpened', at, orderId, buyer, price, token: tokenOf.get(listingId) ?? null }));
  }
  const orderIds = opened.map(({ args }) => args.orderId);
  for (const eventName of ['OrderGranted', 'OrderConfirmed', 'OrderReleased', 'OrderClaimed', 'OrderRefunded'] as const) {
    const logs = await readEach(orderIds, (orderId, range) => publicClient.getContractEvents({ ...market, eventName, args: { orderId } as { orderId: Hex[] }, strict: true, ...range }));
    for (const log of logs) place(log, (at) => ({ name: eventName, at, orderId: log.args.orderId }));
  }
  const disputes = { address: addresses.orderDisputes, abi: orderDisputesAbi } as const;
  const disputed = await readEach(orderIds, (orderId, range) => publicClient.getContractEvents({ ...disputes, eventName: 'OrderDisputed', args: { orderId }, strict: true, ...range }));
  for (const log of disputed) place(log, (at) => ({ name: 'OrderDisputed', at, orderId: log.args.orderId }));
  const resolved = await readEach(orderIds, (orderId, range) => publicClient.getContractEvents({ ...disputes, eventName: 'DisputeResolved', args: { orderId }, strict: true, ...range }));
  for (const log of resolved) place(log, (at) => ({ name: 'DisputeResolved', at, orderId: log.args.orderId, toSeller: log.args.toSeller }));

  const training = { address: addresses.training, abi: trainingAbi } as const;
  const jobs = await readEach(listingIds, (listingId, range) => publicClient.getContractEvents({ ...training, eventName: 'JobOpened', args: { listingId }, strict: true, ...range }));
  const settled = await readEach(jobs.map(({ args }) => args.jobId), (jobId, range) => publicClient.getContractEvents({ ...training, eventName: 'JobSettled', args: { jobId }, strict: true, ...range }));
  for (const log of settled) place(log, (at) => ({ name: 'JobSettled', at, paid: log.args.toPublisher + log.args.fee + log.args.toParent }));

  const plans = { address: addresses.subscriptions, abi: subscriptionsAbi } as const;
  const subscribed = await readEach(listingIds, (listingId, range) => publicClient.getContractEvents({ ...plans, eventName: 'Subscribed', args: { listingId }, strict: true, ...range }));
  const listingOf = new Map(subscribed.map(({ args }) => [args.subscriptionId, args.listingId]));
  const claimed = await readEach([...listingOf.keys()], (subscriptionId, range) => publicClient.getContractEvents({ ...plans, eventName: 'SubscriptionClaimed', args: { subscriptionId }, strict: true, ...range }));
  for (const log of claimed) {
    const { subscriptionId, toSeller, fee, toParent } = log.args;
    place(log, (at) => ({ name: 'SubscriptionClaimed', at, paid: toSeller + fee + toParent, token: tokenOf.get(listingOf.get(subscriptionId) ?? 0) ?? null }));
  }
  await readTimes(client, placed.map(({ block }) => block).filter((block) => !timeOf.has(block)), timeOf);
  return placed.toSorted((one, other) => Number(one.block - other.block) || one.logIndex - other.logIndex).map(({ block, make }) => make(timeOf.get(block) ?? 0));
}

async function readTimes({ publicClient }: NeuroClient, blocks: bigint[], into: Map<bigint, number>): Promise<void> {
  const missing = [...new Set(blocks)];
  for (let start = 0; start < missing.length; start += 50) {
    const found = await Promise.all(missing.slice(start, start + 50).map((blockNumber) => publicClient.getBlock({ blockNumber })));
    for (const { number, timestamp } of found) into.set(number, Number(timestamp));
  }
}
