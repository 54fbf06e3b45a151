import { z } from 'zod';
import { notificationSchema, webhookSchema } from './notificationDto.ts';
import { passkeySchema } from './passkeyDto.ts';
import { userListsSchema } from './discoveryDto.ts';
import { addressSchema, secondsSchema } from './schemas.ts';

/** Users are a convenience beside the chain: nothing about money or entitlement depends on them. */

export const userRoles = ['user', 'curator', 'support', 'admin'] as const;
export type UserRole = (typeof userRoles)[number];

/** What an API key may be allowed. Whatever is not named takes a session. */
export const scopes = ['profile:read', 'activity:read', 'notifications:read', 'lists:read', 'lists:write', 'pins:write'] as const;
export type Scope = (typeof scopes)[number];

/** Lower case, since no provider in use tells addresses apart by case. */
export const emailSchema = z.string().max(254).trim().toLowerCase().pipe(z.email());
/** Long rather than complicated (NIST SP 800-63B, 3.1.1.2); measured in UTF-16 units. */
export const passwordSchema = z.string().min(12).max(256);
/** What a mail carries, and a cookie or a file keeps. */
export const secretSchema = z.string().regex(/^[A-Za-z0-9_-]{20,100}$/, 'expected a code as it was sent');
/** Six digits of an authenticator, or a recovery code. */
export const secondFactorSchema = z.string().trim().toLowerCase().regex(/^(\d{6}|[a-z0-9]{5}-[a-z0-9]{5})$/, 'expected six digits, or a recovery code');

const webAddressSchema = z.union([z.literal(''), z.url({ protocol: /^https?$/, hostname: z.regexes.domain }).max(200)]);
/** What a user shows, once `public`. */
export const profileSchema = z.object({ displayName: z.string().trim().max(80), bio: z.string().trim().max(1_000), link: webAddressSchema, public: z.boolean() });

export const userSchema = z.object({
  userId: z.string(),
  email: z.string().nullable(),
  roles: z.array(z.enum(userRoles)),
  wallets: z.array(z.object({ address: addressSchema, linkedAt: secondsSchema })),
  hasPassword: z.boolean(),
  secondFactor: z.boolean(),
  profile: profileSchema,
  /** Since when nobody can sign in to it. */
  lockedAt: secondsSchema.nullable(),
  createdAt: secondsSchema,
});
export type User = z.output<typeof userSchema>;

/** `refresh` is absent where it went into a cookie that scripts cannot read. */
export const signedInSchema = z.object({ access: z.string(), accessExpiresAt: secondsSchema, refresh: secretSchema.optional(), user: userSchema });
export type SignedIn = z.output<typeof signedInSchema>;

export const signInMethods = ['password', 'wallet', 'passkey'] as const;
export type SignInMethod = (typeof signInMethods)[number];

export const sessionSchema = z.object({
  sessionId: z.string(),
  current: z.boolean(),
  method: z.enum(signInMethods),
  agent: z.string(),
  address: z.string(),
  createdAt: secondsSchema,
  usedAt: secondsSchema,
  expiresAt: secondsSchema,
});
export type UserSession = z.output<typeof sessionSchema>;

export const userActivitySchema = z.object({ at: secondsSchema, action: z.string(), detail: z.string().nullable(), address: z.string(), agent: z.string() });
export type UserActivity = z.output<typeof userActivitySchema>;

export const apiKeySchema = z.object({
  keyId: z.string(),
  name: z.string(),
  /** How the key begins, to tell it from others; the rest is known to its holder only. */
  prefix: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: secondsSchema,
  expiresAt: secondsSchema.nullable(),
  usedAt: secondsSchema.nullable(),
});
export type ApiKey = z.output<typeof apiKeySchema>;

/** Everything that this node keeps about a user, but for secrets. */
export const userExportSchema = z.object({ user: userSchema, sessions: z.array(sessionSchema), keys: z.array(apiKeySchema), activity: z.array(userActivitySchema), passkeys: z.array(passkeySchema), webhooks: z.array(webhookSchema), notifications: z.array(notificationSchema), lists: userListsSchema });
export type UserExport = z.output<typeof userExportSchema>;

export const mailSchema = z.object({ mailId: z.number().int(), to: z.string(), subject: z.string(), text: z.string(), sentAt: secondsSchema });
export type MailboxItem = z.output<typeof mailSchema>;
