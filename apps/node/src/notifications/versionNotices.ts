import { parseJson, versionStatuses } from '@neurodata/protocol';
import { and, eq, gt, gte, inArray, lte, or } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import { z } from 'zod';
import type { Transaction } from '../db/openDatabase.ts';
import { assets, lineage, listings, orders, subscriptions } from '../db/schema.ts';
import { findAsset } from './findAsset.ts';
import type { Notice, ReadOwnBlock } from './NotificationDeps.ts';
import type { Writer } from './Writer.ts';

/** Whom one event tells at most of each kind; their pages say the same to all others. */
const most = 1_000;

const verdictWords: Record<string, string> = { live: 'A committee has accepted it.', refused: 'A committee has refused it; its page says why.', revoked: 'It is not sold any more; its page says why.' };

/**
 * A version whose state changed: its owner hears in any case. Of a new live one buyers of earlier ones hear, and those whose subscription covers it and is
 * paid for now; of one that is withdrawn those who have it or are subscribed to it, and the owners of what was made from it, with the reason where its owner gave one.
 */
export const versionChanged: Writer = async (tx, event, readBlock) => {
  const args = event.args as Record<string, unknown>;
  const [assetId, version, status] = [Number(args['assetId']), Number(args['version']), versionStatuses[Number(args['status'])]];
  const asset = await findAsset(tx, assetId);
  if (!asset || status === undefined || !(status in verdictWords)) return [];
  const reason = status === 'revoked' ? await readReason(readBlock, String(args['reason']) as Hex) : undefined;
  const words = reason === undefined ? (verdictWords[status] ?? '') : `Its owner says: ${reason}`;
  const facts = { kind: 'asset.version', link: asset.link, at: event.timestamp } as const;
  const eventId = `asset:${assetId}:${version}`;
  const own: Notice = { ...facts, eventId: `${eventId}:${status}`, title: `Version ${version} of ${asset.name} is ${status}`, text: words, accounts: [asset.owner] };
  const others = (accounts: readonly Address[]): Address[] => accounts.filter((account) => account !== asset.owner);
  if (status === 'live') {
    if (version === 1) return [own];
    const title = `There is version ${version} of ${asset.name}`;
    return [
      own, { ...facts, eventId: `${eventId}:new`, title, text: 'You have bought an earlier one.', accounts: others(await buyersOf(tx, assetId)) },
      { ...facts, eventId: `${eventId}:new`, title, text: 'Your subscription covers it: ask for its key.', link: '/orders', accounts: others(await subscribersOf(tx, { assetId, version, at: event.timestamp })) },
    ];
  }
  const withdrawn = `Version ${version} of ${asset.name} is ${status}`;
  return [
    own, { ...facts, eventId: `${eventId}:${status}:held`, title: `${withdrawn}, which you have`, text: `${words} What you have stays yours.`, accounts: others(await buyersOf(tx, assetId, version)) },
    { ...facts, eventId: `${eventId}:${status}:held`, title: `${withdrawn}, which your subscription covers`, text: `${words} Subscriptions open it no more; the other versions are yours as before.`, link: '/orders', accounts: others(await subscribersOf(tx, { assetId, version, at: event.timestamp })) },
    ...(await dependantsOf(tx, { assetId, version })).map(({ name, link, owner, childId }): Notice => (
      { ...facts, eventId: `${eventId}:${status}:made:${childId}`, title: `${withdrawn}, which your ${name} was made from`, text: `${words} The page of yours says so from now on.`, link, accounts: [owner] })),
  ];
};

const holding = ['granted', 'released', 'claimed', 'disputed'] as const;

async function buyersOf(tx: Transaction, assetId: number, version?: number): Promise<Address[]> {
  const rows = await tx.selectDistinct({ buyer: orders.buyer }).from(orders).where(and(eq(orders.assetId, assetId), inArray(orders.state, [...holding]), ...(version === undefined ? [] : [eq(orders.version, version)])));
  return rows.map(({ buyer }) => buyer);
}

/** Whose subscription is paid for at that time, and covers the version. */
async function subscribersOf(tx: Transaction, { assetId, version, at }: { assetId: number; version: number; at: number }): Promise<Address[]> {
  const rows = await tx.selectDistinct({ account: subscriptions.account }).from(subscriptions).innerJoin(listings, eq(listings.listingId, subscriptions.listingId))
    .where(and(eq(subscriptions.assetId, assetId), gt(subscriptions.paidUntil, at), lte(listings.firstVersion, version), or(eq(listings.lastVersion, 0), gte(listings.lastVersion, version)))).limit(most);
  return rows.map(({ account }) => account);
}

async function dependantsOf(tx: Transaction, { assetId, version }: { assetId: number; version: number }): Promise<{ childId: number; name: string; link: string; owner: Address }[]> {
  const rows = await tx.selectDistinct({ childId: lineage.assetId }).from(lineage).innerJoin(assets, eq(assets.assetId, lineage.assetId)).where(and(eq(lineage.parentAssetId, assetId), eq(lineage.parentVersion, version))).limit(most);
  const found = [];
  for (const { childId } of rows) {
    const child = await findAsset(tx, childId);
    if (child) found.push({ childId, ...child });
  }
  return found;
}

const reasonSchema = z.object({ version: z.literal(1), reason: z.string() });
const LONGEST_REASON = 500;

/** What an owner gave as its reason, where this node has it: one line of a stranger's text, and not too much. */
async function readReason(readBlock: ReadOwnBlock | undefined, digest: Hex): Promise<string | undefined> {
  const bytes = await readBlock?.(digest).catch(() => undefined);
  if (bytes === undefined) return undefined;
  try {
    return reasonSchema.parse(parseJson(bytes, 'The reason')).reason.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim().slice(0, LONGEST_REASON) || undefined;
  } catch {
    return undefined;
  }
}
