import type { ModelCheck } from '@neurodata/protocol';
import { and, asc, eq } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Database } from './openDatabase.ts';
import { modelChecks } from './schema.ts';

/** Keeps a signed measurement. The one that was saved first stays: it may have been read already. */
export async function saveModelCheck(db: Database, check: ModelCheck): Promise<void> {
  const { body, ...rest } = check;
  await db.orm.insert(modelChecks).values({ ...rest, body, manifestDigest: body.manifestDigest, measuredAt: body.measuredAt }).onConflictDoNothing();
}

export async function findModelCheck(db: Database, parameters: { manifestDigest: Hex; validatorId: number }): Promise<ModelCheck | undefined> {
  const { manifestDigest, validatorId } = parameters;
  const [row] = await db.orm.select().from(modelChecks).where(and(eq(modelChecks.manifestDigest, manifestDigest), eq(modelChecks.validatorId, validatorId)));
  return row && toModelCheck(row);
}

/** Of one version, by validator. */
export async function listModelChecks(db: Database, manifestDigest: Hex): Promise<ModelCheck[]> {
  const rows = await db.orm.select().from(modelChecks).where(eq(modelChecks.manifestDigest, manifestDigest)).orderBy(asc(modelChecks.validatorId));
  return rows.map(toModelCheck);
}

function toModelCheck({ body, validatorId, account, signature }: typeof modelChecks.$inferSelect): ModelCheck {
  return { body, validatorId, account, signature };
}
