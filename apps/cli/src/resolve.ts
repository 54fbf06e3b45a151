import { type AssetDto, type JobDto, type ListingDto, type ListingKind, NeuroError, type OrderDto, type OrderState, type SubscriptionDto } from '@neurodata/protocol';
import { subscriptionIdOf } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import type { Context } from './context.ts';

const MIN_PREFIX = 6;
const opened: ReadonlySet<OrderState> = new Set(['granted', 'disputed', 'released', 'claimed']);

/** Whether an order's key has been granted and was not taken back. */
export function isOpened(order: OrderDto): boolean {
  return opened.has(order.state);
}

/** All pages of a list. */
export async function allPages<T>(read: (cursor: number | undefined) => Promise<{ items: T[]; next?: number | undefined }>): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: number | undefined; ;) {
    const page = await read(cursor);
    items.push(...page.items);
    if (page.next === undefined || page.items.length === 0) return items;
    cursor = page.next;
  }
}

const paged = (cursor: number | undefined): { limit: number; cursor?: number } => ({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });

/** An order by its id, or by the beginning of the id among the newest orders. */
export async function findOrder(context: Context, text: string): Promise<OrderDto> {
  const orderId = asId(text, '0x01', 'order');
  if (orderId.length === 66) return context.api.getOrder({ orderId });
  const all = await allPages((cursor) => context.api.listOrders(paged(cursor)));
  return single(all.filter((order) => order.orderId.toLowerCase().startsWith(orderId)), text, 'order');
}

/** A job by its id, or by the beginning of the id. */
export async function findJob(context: Context, text: string): Promise<JobDto> {
  const jobId = asId(text, '0x02', 'job');
  if (jobId.length === 66) return context.api.getJob({ jobId });
  const all = await allPages((cursor) => context.api.listJobs(paged(cursor)));
  return single(all.filter((job) => job.jobId.toLowerCase().startsWith(jobId)), text, 'job');
}

/** A subscription by its id, or the account's own by the number of its listing. */
export async function findSubscription(context: Context, text: string): Promise<SubscriptionDto> {
  if (/^0x04[0-9a-f]{62}$/i.test(text)) return context.api.getSubscription({ subscriptionId: text.toLowerCase() as Hex });
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new NeuroError(`"${text}" is neither the id of a subscription nor the number of a listing.`, { code: 'BAD_INPUT', remedy: 'Give what `subscriptions list` shows.' });
  const { account } = await context.signer();
  return context.api.getSubscription({ subscriptionId: subscriptionIdOf(Number(text), account.address) });
}

function asId(text: string, prefix: string, what: string): Hex {
  // Tables show ids as 0x01a6d567…16e1: such a text can be pasted as it is.
  const id = (text.trim().toLowerCase().split('…')[0] ?? '').trim();
  if (!/^0x[0-9a-f]{1,64}$/.test(id) || !id.startsWith(prefix) || id.length < 2 + MIN_PREFIX) {
    const article = what === 'order' ? 'an' : 'a';
    throw new NeuroError(`"${text}" is not the id of ${article} ${what}.`, { code: 'BAD_INPUT', remedy: `It starts with ${prefix}; give it whole, or its first ${MIN_PREFIX} digits or more.` });
  }
  return id as Hex;
}

function single<T>(found: T[], text: string, what: string): T {
  const [first] = found;
  if (!first) throw new NeuroError(`There is no ${what} whose id begins with ${text}.`, { code: 'NOT_FOUND', remedy: 'Check the id.' });
  if (found.length > 1) throw new NeuroError(`${found.length} ${what}s have an id that begins with ${text}.`, { code: 'CONFLICT', remedy: 'Give more digits.' });
  return first;
}

/** The account's newest order of an asset (and version) whose key was granted; undefined where there is none. */
export async function findOwnOrder(parameters: { context: Context; buyer: Address; assetId: number; version?: number | undefined }): Promise<OrderDto | undefined> {
  const { context, buyer, assetId, version } = parameters;
  const orders = await allPages((cursor) => context.api.listOrders({ ...paged(cursor), buyer, assetId }));
  return orders.find((order) => isOpened(order) && (version === undefined || order.version === version));
}

/**
 * The cheapest standing offer of an asset in NCR, or in the token or the only other one that it is offered in, or the
 * listing asked for. Prices in different tokens are not compared. Throws `NOT_FOUND`, `BAD_INPUT` where there is a choice.
 */
export function chooseListing(asset: AssetDto, kind: ListingKind, { listing: listingId, token }: { listing?: number; token?: Address } = {}): ListingDto {
  if (listingId !== undefined) {
    const named = asset.listings.find((listing) => listing.listingId === listingId);
    if (named) return named;
    throw new NeuroError(`Listing ${listingId} is not one of asset ${asset.assetId}.`, { code: 'NOT_FOUND', remedy: 'Look at its listings with `datasets info`.' });
  }
  const all = asset.listings.filter((listing) => listing.kind === kind && !listing.retired);
  const inNcr = all.filter((listing) => listing.token === null);
  const offers = token !== undefined ? all.filter((listing) => listing.token?.toLowerCase() === token.toLowerCase()) : inNcr.length > 0 ? inNcr : all;
  const tokens = [...new Set(offers.map((listing) => listing.token))];
  if (tokens.length > 1) throw new NeuroError(`Asset ${asset.assetId} is offered in ${tokens.length} tokens.`, { code: 'BAD_INPUT', remedy: 'Choose one with --token.', details: tokens.join('\n') });
  const [cheapest] = offers.sort((a, b) => (a.price < b.price ? -1 : a.price > b.price ? 1 : b.listingId - a.listingId));
  if (cheapest) return cheapest;
  const what = { download: 'for download', compute: 'for training runs', subscription: 'as a subscription' }[kind];
  throw new NeuroError(`Asset ${asset.assetId} is not offered ${what}${token === undefined ? '' : ` in token ${token}`}.`, { code: 'NOT_FOUND', remedy: 'Choose another asset.' });
}

/** A whole number from 1 up, given as an argument. */
export function parseAssetId(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new NeuroError(`"${text}" is not the number of an asset.`, { code: 'BAD_INPUT', remedy: 'Give a number as `datasets list` shows it.' });
}
