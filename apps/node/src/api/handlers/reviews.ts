import { and, desc, eq } from 'drizzle-orm';
import { getAddress } from 'viem';
import { reviews } from '../../db/schema.ts';
import { before, nextOf, pageSize } from '../reads/pages.ts';
import { present } from '../reads/present.ts';
import { reviewColumns, toReviews } from '../reads/trust.ts';
import type { Handler } from './Handler.ts';

export const listReviews: Handler<'listReviews'> = async ({ db }, { query }) => {
  const { limit = pageSize, assetId, reviewer, cursor } = query;
  const rows = await db.orm.select(reviewColumns).from(reviews).where(and(
    assetId ? eq(reviews.assetId, assetId) : undefined, reviewer ? eq(reviews.reviewer, getAddress(reviewer)) : undefined, before(reviews, cursor),
  )).orderBy(desc(reviews.openedBlock), desc(reviews.openedIndex)).limit(limit + 1);
  return present({ items: await toReviews(db, rows.slice(0, limit)), next: nextOf(rows.map((row) => row.review), limit) });
};
