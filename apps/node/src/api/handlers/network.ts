import { desc, eq, notInArray } from 'drizzle-orm';
import { assets, versions } from '../../db/schema.ts';
import { lastRounds } from '../reads/rounds.ts';
import { titlesOf } from '../reads/summaries.ts';
import type { Handler } from './Handler.ts';

/** What a drawing can show. */
const MOST_ROUNDS = 30;
const MOST_KEYSETS = 100;

export const getNetwork: Handler<'getNetwork'> = async ({ db }) => {
  const [rounds, rows] = await Promise.all([
    lastRounds(db, MOST_ROUNDS),
    db.orm.select({ assetId: versions.assetId, kind: assets.kind, version: versions.version, status: versions.status, holders: versions.committee, threshold: versions.threshold, epoch: versions.keyEpoch })
      .from(versions).innerJoin(assets, eq(assets.assetId, versions.assetId)).where(notInArray(versions.status, ['none', 'refused'])).orderBy(desc(versions.block), desc(versions.assetId), desc(versions.version)).limit(MOST_KEYSETS),
  ]);
  const titleOf = await titlesOf(db, rows.map(({ assetId }) => assetId));
  return { rounds, keysets: rows.map((row) => ({ ...row, title: titleOf(row.assetId) })) };
};
