import { NeuroError } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import type { Transaction } from '../db/openDatabase.ts';
import { listings } from '../db/schema.ts';

/** The listing that an order or job names; it was created before, so it must be there. */
export async function getListing(tx: Transaction, listingId: number): Promise<typeof listings.$inferSelect> {
  const [row] = await tx.select().from(listings).where(eq(listings.listingId, listingId));
  if (!row) throw new NeuroError(`Listing ${listingId} is used on chain before it was created.`, { code: 'INTERNAL' });
  return row;
}
