import { lte } from 'drizzle-orm';
import type { Database } from '../db/openDatabase.ts';
import { idempotencyKeys } from '../db/schema.ts';

/** Forgets the answers that nobody can ask for again: those older than a day. `now` in Unix seconds. */
export async function sweepIdempotency(db: Database, now: number): Promise<{ forgotten: number }> {
  const { rowCount } = await db.orm.delete(idempotencyKeys).where(lte(idempotencyKeys.expiresAt, now));
  return { forgotten: rowCount ?? 0 };
}
