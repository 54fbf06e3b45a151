import type { Scope, SignInMethod, UserRole } from '@neurodata/protocol';
import { bigint, boolean, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { address, whole } from './columns.ts';

/** Tables of `migrations/0010_accounts.sql`, `0011_credentials.sql`, `0016_profiles.sql` and `0021_sessions.sql`; what each one holds is said there. */

export const users = pgTable('users', {
  userId: text('user_id').primaryKey(),
  email: text('email'),
  passwordHash: text('password_hash'),
  roles: jsonb('roles').$type<UserRole[]>().notNull(),
  createdAt: whole('created_at').notNull(),
  displayName: text('display_name').notNull().default(''),
  bio: text('bio').notNull().default(''),
  link: text('link').notNull().default(''),
  publicProfile: boolean('public_profile').notNull().default(false),
  lockedAt: whole('locked_at'),
  lockedReason: text('locked_reason'),
});

export type CodePurpose = 'register' | 'reset' | 'wallet' | 'link' | 'passkey' | 'passkeyLogin' | 'email' | 'oldEmail';

export const oneTimeCodes = pgTable('one_time_codes', {
  digest: text('digest').primaryKey(),
  purpose: text('purpose').$type<CodePurpose>().notNull(),
  userId: text('user_id'),
  subject: jsonb('subject').$type<Record<string, string>>().notNull(),
  expiresAt: whole('expires_at').notNull(),
});

export const sessions = pgTable('sessions', {
  sessionId: text('session_id').primaryKey(),
  userId: text('user_id').notNull(),
  method: text('method').$type<SignInMethod>().notNull(),
  agent: text('agent').notNull(),
  address: text('address').notNull(),
  createdAt: whole('created_at').notNull(),
  usedAt: whole('used_at').notNull(),
  provedAt: whole('proved_at').notNull(),
  expiresAt: whole('expires_at').notNull(),
  endedAt: whole('ended_at'),
  endReason: text('end_reason'),
});

export const refreshCredentials = pgTable('refresh_credentials', {
  digest: text('digest').primaryKey(),
  sessionId: text('session_id').notNull(),
  expiresAt: whole('expires_at').notNull(),
  usedAt: whole('used_at'),
});

export const userWallets = pgTable('user_wallets', {
  address: address('address').primaryKey(),
  userId: text('user_id').notNull(),
  linkedAt: whole('linked_at').notNull(),
});

export const totpSecrets = pgTable('totp_secrets', {
  userId: text('user_id').primaryKey(),
  sealedSecret: text('sealed_secret').notNull(),
  lastStep: whole('last_step').notNull(),
  enabledAt: whole('enabled_at'),
});

export const recoveryCodes = pgTable('recovery_codes', {
  mac: text('mac').primaryKey(),
  userId: text('user_id').notNull(),
});

export const apiKeys = pgTable('api_keys', {
  keyId: text('key_id').primaryKey(),
  userId: text('user_id').notNull(),
  name: text('name').notNull(),
  prefix: text('prefix').notNull(),
  digest: text('digest').notNull(),
  scopes: jsonb('scopes').$type<Scope[]>().notNull(),
  createdAt: whole('created_at').notNull(),
  expiresAt: whole('expires_at'),
  usedAt: whole('used_at'),
});

export const attempts = pgTable('attempts', {
  key: text('key').primaryKey(),
  windowStart: whole('window_start').notNull(),
  count: integer('count').notNull(),
});

export const userActivity = pgTable('user_activity', {
  activityId: bigint('activity_id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  userId: text('user_id').notNull(),
  at: whole('at').notNull(),
  action: text('action').notNull(),
  detail: text('detail'),
  address: text('address').notNull(),
  agent: text('agent').notNull(),
});

export const mailbox = pgTable('mailbox', {
  mailId: bigint('mail_id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  recipient: text('recipient').notNull(),
  subject: text('subject').notNull(),
  body: text('body').notNull(),
  sentAt: whole('sent_at').notNull(),
});
