import { NeuroError } from '@neurodata/protocol';
import { eq, inArray } from 'drizzle-orm';
import type { Transaction } from '../db/openDatabase.ts';
import { listings } from '../db/schema.ts';

type Row = typeof listings.$inferSelect;
const read = new WeakMap<Transaction, Map<number, Row>>();

/** Reads the listings that events of a transaction will name, at once; those that it creates itself are read later, one by one. */
export async function readListings(tx: Transaction, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx.select().from(listings).where(inArray(listings.listingId, [...ids]));
  read.set(tx, new Map(rows.map((row) => [row.listingId, row])));
}

/** The listing that an order or job names; it was created before, so it must be there. Whether it is retired may be old. */
export async function getListing(tx: Transaction, listingId: number): Promise<Row> {
  const known = read.get(tx)?.get(listingId);
  if (known) return known;
  const [row] = await tx.select().from(listings).where(eq(listings.listingId, listingId));
  if (!row) throw new NeuroError(`Listing ${listingId} is used on chain before it was created.`, { code: 'INTERNAL' });
  return row;
}
