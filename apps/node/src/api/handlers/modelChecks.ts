import { NeuroError } from '@neurodata/protocol';
import { and, desc, eq } from 'drizzle-orm';
import { listModelChecks } from '../../db/modelChecks.ts';
import { versions } from '../../db/schema.ts';
import { newestRounds } from '../reads/rounds.ts';
import type { Handler } from './Handler.ts';

export const getModelCheck: Handler<'getModelCheck'> = async ({ db }, { params, query }) => {
  const { assetId } = params;
  const [row] = await db.orm.select().from(versions)
    .where(and(eq(versions.assetId, assetId), query.version === undefined ? undefined : eq(versions.version, query.version))).orderBy(desc(versions.version)).limit(1);
  if (!row) throw new NeuroError(query.version === undefined ? `There is no asset ${assetId}.` : `Asset ${assetId} has no version ${query.version}.`, { code: 'NOT_FOUND', remedy: 'Check the number; a new version appears when its block is indexed.' });
  const { version, manifestDigest, validatorsMayRead, subject } = row;
  const [checks, rounds] = await Promise.all([listModelChecks(db, manifestDigest), newestRounds(db, [subject])]);
  return { assetId, version, manifestDigest, validatorsMayRead, pending: rounds.get(subject)?.settled === false, checks };
};
