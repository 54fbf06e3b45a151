import { boolean, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { whole } from './columns.ts';

/** Table of `migrations/0016_passkeys.sql`. */
export const passkeys = pgTable('passkeys', {
  passkeyId: text('passkey_id').primaryKey(),
  userId: text('user_id').notNull(),
  credentialId: text('credential_id').notNull(),
  host: text('host').notNull(),
  publicKey: text('public_key').notNull(),
  counter: whole('counter').notNull(),
  transports: jsonb('transports').$type<string[]>().notNull(),
  synced: boolean('synced').notNull(),
  name: text('name').notNull(),
  createdAt: whole('created_at').notNull(),
  usedAt: whole('used_at'),
});
