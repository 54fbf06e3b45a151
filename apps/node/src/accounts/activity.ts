import type { UserActivity } from '@neurodata/protocol';
import { desc, eq } from 'drizzle-orm';
import { userActivity } from '../db/schema.ts';
import type { AccountDeps, Caller } from './AccountDeps.ts';

export type ActivityEntry = { userId: string; action: string; caller: Caller; detail?: string };

/** Notes what was done with an account, for its owner. */
export async function recordActivity(deps: AccountDeps, { userId, action, caller, detail }: ActivityEntry): Promise<void> {
  await deps.db.orm.insert(userActivity).values({ userId, action, at: deps.now(), detail: detail ?? null, ...caller });
}

/** Newest first. */
export async function listActivity(deps: AccountDeps, userId: string, most = 200): Promise<UserActivity[]> {
  const rows = await deps.db.orm.select().from(userActivity).where(eq(userActivity.userId, userId)).orderBy(desc(userActivity.activityId)).limit(most);
  return rows.map(({ at, action, detail, address, agent }) => ({ at, action, detail, address, agent }));
}
