import { NeuroError } from '@neurodata/protocol';
import { lt, sql } from 'drizzle-orm';
import { attempts } from '../db/schema.ts';
import type { AccountDeps } from './AccountDeps.ts';
import { digestOf } from './secrets.ts';

/** `[most, seconds]`: so many tries in each window of so many seconds. */
const limits = {
  loginAccountHere: [10, 900],
  loginAccount: [100, 3_600],
  loginAddress: [100, 900],
  mailAccount: [5, 3_600],
  mailAddress: [30, 3_600],
  codeAddress: [60, 900],
  refreshAddress: [600, 900],
  secondFactor: [10, 900],
} as const satisfies Record<string, readonly [number, number]>;

export type Limit = keyof typeof limits;

/**
 * Counts a try, whether or not what it names exists. Throws RATE_LIMITED beyond the limit. Counts stand in the database: a
 * restart, or another node on it, starts no new count.
 */
export async function countAttempt(deps: AccountDeps, limit: Limit, who: string): Promise<void> {
  const { db, now, limitFactor = 1 } = deps;
  const [most, seconds] = limits[limit];
  const windowStart = Math.floor(now() / seconds) * seconds;
  const [row] = await db.orm.insert(attempts).values({ key: digestOf(`${limit}:${who}`), windowStart, count: 1 }).onConflictDoUpdate({
    target: attempts.key,
    set: { windowStart, count: sql`CASE WHEN ${attempts.windowStart} = ${windowStart} THEN ${attempts.count} + 1 ELSE 1 END` },
  }).returning({ count: attempts.count });
  if (!row || row.count <= most * limitFactor) return;
  const retryAfter = windowStart + seconds - now();
  const left = Math.ceil(retryAfter / 60);
  throw new NeuroError('Too many tries.', { code: 'RATE_LIMITED', remedy: `Try again in ${left} minute${left === 1 ? '' : 's'}.`, retryable: true, retryAfter });
}

/** The longest window is an hour. */
export async function forgetAttempts(deps: AccountDeps): Promise<void> {
  await deps.db.orm.delete(attempts).where(lt(attempts.windowStart, deps.now() - 86_400));
}
