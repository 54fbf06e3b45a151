import { randomBytes, randomUUID } from 'node:crypto';
import { NeuroError } from '@neurodata/protocol';
import type { ApiKey, Scope } from '@neurodata/protocol';
import { and, desc, eq } from 'drizzle-orm';
import { storable } from '../common/storable.ts';
import { apiKeys } from '../db/schema.ts';
import type { AccountDeps, Caller } from './AccountDeps.ts';
import { recordActivity } from './activity.ts';
import { digestOf, newSecret } from './secrets.ts';

const mostKeys = 50;
/** Seconds between two notes of the last use: not every read is a write. */
const useStep = 60;

export type ApiKeys = {
  create(parameters: { userId: string; name: string; scopes: Scope[]; expiresAt?: number | undefined }, caller: Caller): Promise<{ key: string; item: ApiKey }>;
  list(userId: string): Promise<ApiKey[]>;
  remove(parameters: { userId: string; keyId: string }, caller: Caller): Promise<void>;
  /** Whose key this is and what it may; undefined for unknown and expired ones. */
  find(key: string): Promise<{ userId: string; keyId: string; scopes: Scope[] } | undefined>;
};

export const isApiKey = (credential: string): boolean => credential.startsWith('nd_');

/** Keys for programs: shown once, kept as a digest, with no more rights than they were given. */
export function createApiKeys(deps: AccountDeps): ApiKeys {
  const { orm } = deps.db;
  return {
    create: async ({ userId, name, scopes, expiresAt }, caller) => {
      if (expiresAt !== undefined && expiresAt <= deps.now()) throw new NeuroError('This key would have expired already.', { code: 'BAD_INPUT', remedy: 'Give a later time.' });
      if ((await orm.$count(apiKeys, eq(apiKeys.userId, userId))) >= mostKeys) throw new NeuroError(`You have ${mostKeys} keys.`, { code: 'CONFLICT', remedy: 'End one that is not used any more.' });
      const prefix = `nd_${randomBytes(4).toString('hex')}`;
      const key = `${prefix}_${newSecret()}`;
      const item = { keyId: randomUUID(), name: storable(name), prefix, scopes: [...new Set(scopes)], createdAt: deps.now(), expiresAt: expiresAt ?? null, usedAt: null };
      await orm.insert(apiKeys).values({ ...item, userId, digest: digestOf(key) });
      await recordActivity(deps, { userId, action: 'API key made', detail: prefix, caller });
      return { key, item };
    },
    list: async (userId) => {
      const { keyId, name, prefix, scopes, createdAt, expiresAt, usedAt } = apiKeys;
      return orm.select({ keyId, name, prefix, scopes, createdAt, expiresAt, usedAt }).from(apiKeys).where(eq(apiKeys.userId, userId)).orderBy(desc(createdAt));
    },
    remove: async ({ userId, keyId }, caller) => {
      const [gone] = await orm.delete(apiKeys).where(and(eq(apiKeys.keyId, keyId), eq(apiKeys.userId, userId))).returning();
      if (!gone) throw new NeuroError('You have no such key.', { code: 'NOT_FOUND', remedy: 'It may have ended already.' });
      await recordActivity(deps, { userId, action: 'API key ended', detail: gone.prefix, caller });
    },
    find: async (key) => {
      const [row] = await orm.select().from(apiKeys).where(eq(apiKeys.digest, digestOf(key)));
      if (!row || (row.expiresAt !== null && row.expiresAt <= deps.now())) return undefined;
      if ((row.usedAt ?? 0) + useStep <= deps.now()) await orm.update(apiKeys).set({ usedAt: deps.now() }).where(eq(apiKeys.keyId, row.keyId));
      return { userId: row.userId, keyId: row.keyId, scopes: row.scopes };
    },
  };
}
