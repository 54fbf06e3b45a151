import { NeuroError } from '@neurodata/protocol';
import { eq, inArray } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import type { Database, Transaction } from '../db/openDatabase.ts';
import { assets, reviews, userWallets } from '../db/schema.ts';

export type Subject = { kind: 'asset'; assetId: number } | { kind: 'review'; orderId: Hex };
type Reader = Database['orm'] | Transaction;

/** What a subject of the protocol names; its form was checked before. */
export function readSubject(subject: string): Subject {
  const id = subject.slice(subject.indexOf(':') + 1);
  return subject.startsWith('asset:') ? { kind: 'asset', assetId: Number(id) } : { kind: 'review', orderId: id as Hex };
}

/** Whose it is on chain, and which asset it is about. Throws NOT_FOUND. */
export async function getSubject(reader: Reader, subject: string): Promise<{ owner: Address; assetId: number }> {
  const named = readSubject(subject);
  const [row] = named.kind === 'asset'
    ? await reader.select({ owner: assets.owner, assetId: assets.assetId }).from(assets).where(eq(assets.assetId, named.assetId))
    : await reader.select({ owner: reviews.reviewer, assetId: reviews.assetId }).from(reviews).where(eq(reviews.orderId, named.orderId));
  if (!row) throw new NeuroError(`There is no ${subject}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new one appears when its block is indexed.' });
  return row;
}

/** The assets that subjects are about; what is not on chain any more is left out. */
export async function assetsOf(reader: Reader, subjects: readonly string[]): Promise<Map<string, number>> {
  const named = subjects.map((subject) => ({ subject, ...readSubject(subject) }));
  const orderIds = named.flatMap((item) => (item.kind === 'review' ? [item.orderId] : []));
  const rows = orderIds.length === 0 ? [] : await reader.select({ orderId: reviews.orderId, assetId: reviews.assetId }).from(reviews).where(inArray(reviews.orderId, orderIds));
  const assetOf = new Map(rows.map((row) => [row.orderId, row.assetId]));
  return new Map(named.flatMap((item): [string, number][] => {
    const assetId = item.kind === 'asset' ? item.assetId : assetOf.get(item.orderId);
    return assetId === undefined ? [] : [[item.subject, assetId]];
  }));
}

/** The wallets that a user has linked. */
export async function walletsOf(reader: Reader, userId: string): Promise<Address[]> {
  const rows = await reader.select({ address: userWallets.address }).from(userWallets).where(eq(userWallets.userId, userId));
  return rows.map((row) => row.address);
}
