import { NeuroError } from '@neurodata/protocol';
import { splitAfter } from '@neurodata/sdk';
import { and, desc, eq } from 'drizzle-orm';
import { versions } from '../../db/schema.ts';
import { chooseSection, chooseSort, countWaiting, readEntries, readSections } from '../reads/leaderboard.ts';
import { present } from '../reads/present.ts';
import type { Handler, HandlerContext } from './Handler.ts';

const pageSize = 25;

export const getLeaderboard: Handler<'getLeaderboard'> = async (context, { params: { assetId }, query }) => {
  const { db, client, config: { deployment } } = context;
  const { version, block } = await findVersion(context, assetId, query.version);
  const split = await splitAfter({ publicClient: client, deployment, assetId, version, registeredIn: block });
  if (!split.fixed) return { assetId, version, split, sections: [], waiting: 0, items: [] };
  const board = { assetId, version, split: split.split };
  const [sections, waiting] = await Promise.all([readSections(db, board), countWaiting(db, board)]);
  const section = chooseSection(sections, query);
  if (!section) return { assetId, version, split, sections, waiting, items: [] };
  const { task, target } = section;
  const sort = chooseSort(task, query.sort);
  const { limit = pageSize, cursor = 0 } = query;
  const items = await readEntries(db, { ...board, task, target, sort, offset: cursor, limit: limit + 1 });
  return present({
    assetId, version, split, sections, waiting, section: { task, target, sort: sort.name, better: sort.better },
    items: items.slice(0, limit), next: items.length > limit ? cursor + limit : undefined,
  });
};

/** The one that is named, else the newest. */
async function findVersion({ db }: HandlerContext, assetId: number, version: number | undefined): Promise<{ version: number; block: number }> {
  const [row] = await db.orm.select({ version: versions.version, block: versions.block }).from(versions)
    .where(and(eq(versions.assetId, assetId), version === undefined ? undefined : eq(versions.version, version))).orderBy(desc(versions.version)).limit(1);
  if (row) return row;
  throw new NeuroError(version === undefined ? `There is no asset ${assetId}.` : `There is no version ${version} of asset ${assetId}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new one appears when its block is indexed.' });
}
