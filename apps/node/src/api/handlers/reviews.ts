import { rawCidOfDigest } from '@neurodata/storage';
import { and, desc, eq } from 'drizzle-orm';
import { getAddress } from 'viem';
import { reviews } from '../../db/schema.ts';
import { before, nextOf, pageSize } from '../reads/pages.ts';
import { present } from '../reads/present.ts';
import type { Handler } from './Handler.ts';

export const listReviews: Handler<'listReviews'> = async ({ db }, { query }) => {
  const { limit = pageSize, assetId, reviewer, cursor } = query;
  const rows = await db.orm.select().from(reviews).where(and(
    assetId ? eq(reviews.assetId, assetId) : undefined, reviewer ? eq(reviews.reviewer, getAddress(reviewer)) : undefined, before(reviews, cursor),
  )).orderBy(desc(reviews.openedBlock), desc(reviews.openedIndex)).limit(limit + 1);
  const items = rows.slice(0, limit).map((row) => present({ ...row, textCid: row.digest === null ? undefined : rawCidOfDigest(row.digest) }));
  return present({ items, next: nextOf(rows, limit) });
};
