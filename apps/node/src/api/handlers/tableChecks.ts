import { NeuroError } from '@neurodata/protocol';
import { and, desc, eq } from 'drizzle-orm';
import { versions } from '../../db/schema.ts';
import { listTableChecks } from '../../db/tableChecks.ts';
import type { Handler } from './Handler.ts';

export const getTableCheck: Handler<'getTableCheck'> = async ({ db }, { params: { assetId }, query }) => {
  const [row] = await db.orm.select().from(versions)
    .where(and(eq(versions.assetId, assetId), query.version === undefined ? undefined : eq(versions.version, query.version))).orderBy(desc(versions.version)).limit(1);
  if (!row) throw new NeuroError(query.version === undefined ? `There is no asset ${assetId}.` : `Asset ${assetId} has no version ${query.version}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new version appears when its block is indexed.' });
  const { version, manifestDigest } = row;
  return { assetId, version, manifestDigest, checks: await listTableChecks(db, manifestDigest) };
};
