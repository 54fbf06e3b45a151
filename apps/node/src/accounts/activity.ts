import { randomUUID } from 'node:crypto';
import type { UserActivity } from '@neurodata/protocol';
import { and, desc, eq, lt, or } from 'drizzle-orm';
import { userActivity } from '../db/schema.ts';
import type { AccountDeps, Caller, SecurityNotice } from './AccountDeps.ts';

export type ActivityEntry = { userId: string; action: string; caller: Caller; detail?: string };

/** Of which actions an account's owner is told, and how. */
const told: Record<string, Pick<SecurityNotice, 'kind' | 'title' | 'mailed'>> = {
  'password changed': { kind: 'security.password', title: 'Your password was changed', mailed: true },
  'password reset': { kind: 'security.password', title: 'Your password was changed', mailed: true },
  'password added': { kind: 'security.password', title: 'A password was added to your account', mailed: true },
  'e-mail changed': { kind: 'security.password', title: 'Your e-mail address was changed', mailed: true },
  'authenticator turned on': { kind: 'security.key', title: 'An authenticator was turned on' },
  'authenticator turned off': { kind: 'security.key', title: 'Your authenticator was turned off' },
  'API key made': { kind: 'security.key', title: 'An API key was made' },
  'passkey added': { kind: 'security.key', title: 'A passkey was added' },
  'passkey removed': { kind: 'security.key', title: 'A passkey was removed' },
  'passkey refused: its counter went back': { kind: 'security.key', title: 'A copied passkey was refused' },
  'wallet linked': { kind: 'security.key', title: 'A wallet was linked' },
  'wallet unlinked': { kind: 'security.key', title: 'A wallet was unlinked' },
  'session ended: there were too many': { kind: 'security.sign_in', title: 'Your oldest session was ended' },
  'session ended: a used credential came again': { kind: 'security.sign_in', title: 'A stolen session was ended' },
};

/** Notes what was done with an account, for its owner, who is told of what may be somebody else's doing. */
export async function recordActivity(deps: AccountDeps, { userId, action, caller, detail }: ActivityEntry): Promise<void> {
  const [row] = await deps.db.orm.insert(userActivity).values({ userId, action, at: deps.now(), detail: detail ?? null, ...caller }).returning({ activityId: userActivity.activityId });
  const { tell } = deps;
  const notice = told[action] ?? (action === 'signed in' ? { kind: 'security.sign_in' as const, title: 'A sign-in from a new place' } : undefined);
  if (!tell || !notice || !row) return;
  deps.later(async () => {
    if (action === 'signed in' && (await isUsual(deps, { userId, caller, before: row.activityId }))) return;
    const text = `${detail ? `${detail}, from` : 'From'} ${caller.address || 'an unknown address'}, with ${caller.agent || 'an unknown program'}. If that was not you, change your password and end your sessions.`;
    await tell({ ...notice, eventId: `security:${randomUUID()}`, text, link: '/user', at: deps.now(), userIds: [userId] });
  });
}

/** The first sign-in of an account, or one from an address or with a program that it was used with before. */
async function isUsual({ db }: AccountDeps, { userId, caller, before }: { userId: string; caller: Caller; before: number }): Promise<boolean> {
  const earlier = and(eq(userActivity.userId, userId), eq(userActivity.action, 'signed in'), lt(userActivity.activityId, before));
  if ((await db.orm.$count(userActivity, earlier)) === 0) return true;
  return (await db.orm.$count(userActivity, and(earlier, or(eq(userActivity.address, caller.address), eq(userActivity.agent, caller.agent))))) > 0;
}

/** Newest first, those before one of them. `next` is where the following ones begin. */
export async function listActivity(deps: AccountDeps, userId: string, { before, limit }: { before?: number | undefined; limit: number }): Promise<{ items: UserActivity[]; next: number | undefined }> {
  const rows = await deps.db.orm.select().from(userActivity).where(and(eq(userActivity.userId, userId), before === undefined ? undefined : lt(userActivity.activityId, before))).orderBy(desc(userActivity.activityId)).limit(limit + 1);
  const items = rows.slice(0, limit).map(({ at, action, detail, address, agent }) => ({ at, action, detail, address, agent }));
  return { items, next: rows.length > limit ? rows[limit - 1]?.activityId : undefined };
}
