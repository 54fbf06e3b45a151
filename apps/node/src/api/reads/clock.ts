import type { Database } from '../../db/openDatabase.ts';
import { cursor } from '../../db/schema.ts';

/** Unix seconds as the chain would see them now: its newest block's, or the wall clock's where that is later. */
export async function readClock(db: Database): Promise<number> {
  const [row] = await db.orm.select({ timestamp: cursor.timestamp }).from(cursor);
  return Math.max(row?.timestamp ?? 0, Math.floor(Date.now() / 1000));
}
