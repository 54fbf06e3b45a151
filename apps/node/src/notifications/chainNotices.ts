import { and, eq } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import type { Transaction } from '../db/openDatabase.ts';
import { readRenewal } from '../common/readRenewal.ts';
import { assets, jobs, orders, seats, subscriptions } from '../db/schema.ts';
import { dealWriters } from './dealNotices.ts';
import { findAsset } from './findAsset.ts';
import { versionChanged } from './versionNotices.ts';
import type { Notice, ReadOwnBlock } from './NotificationDeps.ts';
import type { EventRow, Writer } from './Writer.ts';

const idOf = (event: EventRow): string => event.subject.slice(event.subject.indexOf(':') + 1);
const argsOf = (event: EventRow): Record<string, unknown> => event.args as Record<string, unknown>;

type Told = { kind: Notice['kind']; what: string; to: ('buyer' | 'seller')[]; title: (asset: string) => string; text: string };

/** An order's turn, told to one party or both. `what` tells turns of an order apart. */
const order = ({ kind, what, to, title, text }: Told): Writer => async (tx, event) => {
  const [row] = await tx.select().from(orders).where(eq(orders.orderId, idOf(event) as Hex));
  const asset = row && (await findAsset(tx, row.assetId));
  if (!row || !asset) return [];
  return [{ kind, eventId: `order:${row.orderId}:${what}`, title: title(asset.name), text, link: `/orders/${row.orderId}`, at: event.timestamp, accounts: to.map((party) => row[party]) }];
};

/** A run's end, told to whoever ordered it. */
const run = (kind: 'run.finished' | 'run.failed', title: (asset: string) => string, text: string): Writer => async (tx, event) => {
  const [row] = await tx.select().from(jobs).where(eq(jobs.jobId, idOf(event) as Hex));
  const asset = row && (await findAsset(tx, row.assetId));
  if (!row || !asset) return [];
  return [{ kind, eventId: `job:${row.jobId}:${kind}`, title: title(asset.name), text, link: `/runs/${row.jobId}`, at: event.timestamp, accounts: [row.buyer] }];
};

const curated: Writer = async (tx, event) => {
  const assetId = Number(idOf(event));
  const asset = await findAsset(tx, assetId);
  const [row] = await tx.select({ status: assets.curationStatus, reason: assets.curationReason }).from(assets).where(eq(assets.assetId, assetId));
  if (!asset || !row || row.status === 'pending') return [];
  return [{ kind: 'asset.curation', eventId: `asset:${assetId}:curation:${event.transaction}`, title: `${asset.name} is ${row.status} by curation`, text: row.reason?.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 500) ?? '', link: asset.link, at: event.timestamp, accounts: [asset.owner] }];
};

const reviewed: Writer = async (tx, event) => {
  const args = argsOf(event);
  const asset = await findAsset(tx, Number(args['assetId']));
  if (!asset) return [];
  return [{ kind: 'review.written', eventId: `review:${idOf(event)}`, title: `${asset.name} has a review of ${Number(args['rating'])} out of 5`, text: 'You can answer it on the page.', link: asset.link, at: event.timestamp, accounts: [asset.owner] }];
};

/** A subscription begins, or goes on; told apart by until when it is paid. */
const subscribed = (kind: 'subscription.opened' | 'subscription.renewed', paidUntilOf: (args: Record<string, unknown>) => number): Writer => async (tx, event) => {
  const [row] = await tx.select().from(subscriptions).where(eq(subscriptions.subscriptionId, idOf(event) as Hex));
  const asset = row && (await findAsset(tx, row.assetId));
  if (!row || !asset) return [];
  const until = paidUntilOf(argsOf(event));
  const facts = { kind, link: asset.link, at: event.timestamp } as const;
  const title = kind === 'subscription.opened' ? `Somebody subscribes to ${asset.name}` : `A subscription to ${asset.name} is renewed`;
  const told: Notice = { ...facts, eventId: `subscription:${row.subscriptionId}:${kind}:${until}`, title, text: `It is paid until ${timeOf(until)}; the money comes to you as the time passes.`, accounts: [row.seller] };
  if (kind === 'subscription.opened') return [told];
  return [told, { ...facts, eventId: `subscription:${row.subscriptionId}:prolonged:${until}`, title: `Your subscription to ${asset.name} goes on`, text: `It is paid until ${timeOf(until)}.`, link: '/orders', accounts: [row.account] }];
};

const juryDrawn: Writer = async (tx, event) => {
  const [disputeId, round] = [Number(idOf(event)), Number(argsOf(event)['round'])];
  const drawn = await tx.select({ juror: seats.juror }).from(seats).where(and(eq(seats.disputeId, disputeId), eq(seats.number, round)));
  return [{ kind: 'dispute.duty', eventId: `dispute:${disputeId}:${round}:drawn`, title: `You are drawn as a juror in dispute ${disputeId}`, text: `Read the evidence and commit a vote by ${timeOf(Number(argsOf(event)['commitUntil']))}. Jurors who stay silent lose stake.`, link: `/disputes/${disputeId}`, at: event.timestamp, accounts: drawn.map(({ juror }) => juror) }];
};

const credited: Writer = async (_tx, event) => {
  const account = String(argsOf(event)['account']) as Address;
  return [{ kind: 'payout.claimable', eventId: `credit:${event.contract}:${account}:${event.transaction}`, title: 'Money waits for you', text: 'A contract keeps it until you withdraw it on your account page.', link: '/account', at: event.timestamp, accounts: [account] }];
};

export const timeOf = (seconds: number): string => `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const disputed = (what: string, title: (asset: string) => string, text: string): Writer => order({ kind: 'order.disputed', what, to: ['buyer', 'seller'], title, text });
const refundedRun = run('run.failed', (asset) => `Your run on ${asset} failed`, 'What you paid for it comes back to you.');

/** What is told of which event of the chain, by `contract.Event`. */
const writers: Record<string, Writer> = {
  'market.OrderOpened': order({ kind: 'order.opened', what: 'opened', to: ['seller'], title: (asset) => `Somebody buys ${asset}`, text: 'The money is held until the buyer has what was bought.' }),
  'market.OrderGranted': order({ kind: 'order.granted', what: 'granted', to: ['buyer'], title: (asset) => `${asset} can be opened`, text: 'Download and check it. If it is not what was promised, dispute the order before its time is over.' }),
  'market.OrderConfirmed': order({ kind: 'order.released', what: 'released', to: ['seller'], title: (asset) => `The money for ${asset} is yours`, text: 'The buyer has confirmed. Claim it on your account page.' }),
  'market.OrderReleased': order({ kind: 'order.released', what: 'released', to: ['seller'], title: (asset) => `The money for ${asset} is yours`, text: 'The dispute was decided for you. Claim it on your account page.' }),
  'market.OrderRefunded': order({ kind: 'order.refunded', what: 'refunded', to: ['buyer', 'seller'], title: (asset) => `The order of ${asset} is refunded`, text: 'The buyer has the money back.' }),
  'orderDisputes.OrderDisputed': disputed('disputed', (asset) => `The order of ${asset} is disputed`, 'A committee looks at it now; the money is held.'),
  'orderDisputes.DisputeJudged': disputed('judged', (asset) => `A committee has looked at the order of ${asset}`, 'Whoever disagrees may call a jury, for a while.'),
  'orderDisputes.DisputeEscalated': disputed('escalated', (asset) => `A jury decides about the order of ${asset}`, 'Both sides may bring evidence.'),
  'orderDisputes.DisputeResolved': disputed('resolved', (asset) => `The dispute about ${asset} is decided`, 'The order\'s page says how.'),
  'training.JobAccepted': run('run.finished', (asset) => `Your run on ${asset} is accepted`, 'A committee has recomputed it. The model is yours.'),
  'training.JobRejected': run('run.failed', (asset) => `Your run on ${asset} was rejected`, 'A committee has found another result. What you paid comes back once its time to object is over.'),
  'training.JobSlashed': refundedRun,
  'training.JobRefunded': refundedRun,
  'assetRegistry.VersionStatusChanged': versionChanged,
  'curation.CurationChanged': curated,
  'reviews.Reviewed': reviewed,
  'disputes.JuryDrawn': juryDrawn,
  'subscriptions.Subscribed': subscribed('subscription.opened', (args) => Number(args['paidUntil'])),
  'subscriptions.SubscriptionRenewed': subscribed('subscription.renewed', (args) => readRenewal(String(args['renewal']) as Hex).paidUntil),
  ...Object.fromEntries(Object.entries(dealWriters).map(([name, writer]) => [`milestoneEscrow.${name}`, writer])),
};

/** What people are told of an event. */
export async function chainNotices(tx: Transaction, event: EventRow, readBlock?: ReadOwnBlock): Promise<Notice[]> {
  if (event.name === 'Credited' || event.name === 'TokenCredited') return credited(tx, event);
  return (await writers[`${event.contract}.${event.name}`]?.(tx, event, readBlock)) ?? [];
}
