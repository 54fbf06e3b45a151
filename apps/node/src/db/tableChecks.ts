import type { TableCheck } from '@neurodata/protocol';
import { asc, eq } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Database } from './openDatabase.ts';
import { tableChecks } from './schema.ts';

/** Keeps a signed check; false where this validator's was known. The one that was saved first stays: it may have been read already. */
export async function saveTableCheck(db: Database, check: TableCheck): Promise<boolean> {
  const { body, ...rest } = check;
  const saved = await db.orm.insert(tableChecks).values({ ...rest, body, manifestDigest: body.manifestDigest, checkedAt: body.checkedAt }).onConflictDoNothing().returning({ validatorId: tableChecks.validatorId });
  return saved.length > 0;
}

/** Of one version, by validator. */
export async function listTableChecks(db: Database, manifestDigest: Hex): Promise<TableCheck[]> {
  const rows = await db.orm.select().from(tableChecks).where(eq(tableChecks.manifestDigest, manifestDigest)).orderBy(asc(tableChecks.validatorId));
  return rows.map(({ body, validatorId, account, signature }) => ({ body, validatorId, account, signature }));
}
