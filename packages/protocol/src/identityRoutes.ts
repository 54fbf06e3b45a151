import { z } from 'zod';
import type { Route } from './route.ts';
import { addressSchema, secondsSchema } from './schemas.ts';
import { emailSchema, passwordSchema, profileSchema, secretSchema, userRoles, userSchema } from './userDto.ts';

const done = z.object({ done: z.literal(true) });
const typed = z.string().max(256);
const params = z.object({ userId: z.uuid() });
/** Of what support and admins do, for the audit log. */
const reason = z.string().trim().min(3).max(500);

/** What others see of a user who chose so. */
const publicProfileSchema = z.object({ userId: z.string(), displayName: z.string(), bio: z.string(), link: z.string(), wallets: z.array(addressSchema), since: secondsSchema });

/** What support sees: enough to help, nothing that somebody did and no credential. */
export const userStateSchema = z.object({
  userId: z.string(), email: z.string().nullable(), roles: z.array(z.enum(userRoles)), createdAt: secondsSchema, lockedAt: secondsSchema.nullable(), lockedReason: z.string().nullable(),
  hasPassword: z.boolean(), secondFactor: z.boolean(), passkeys: z.number().int(), wallets: z.number().int(), sessions: z.number().int(), lastSignInAt: secondsSchema.nullable(),
});
export type UserState = z.output<typeof userStateSchema>;

/** Who a user is, to others and to this node, and what support and admins do about that. */
export const identityRoutes = {
  setProfile: { method: 'PUT', path: '/api/v1/auth/profile', summary: 'What others may see; nothing while `public` is false', access: 'session', body: profileSchema, response: userSchema },
  getPublicProfile: { method: 'GET', path: '/api/v1/users/{userId}/profile', summary: 'A user who has chosen to be seen', params, response: publicProfileSchema },
  beginEmail: {
    method: 'POST', path: '/api/v1/auth/email/begin', summary: 'Mails codes for another address, to it and to the one before; a user without one chooses a password with it. The answer is the same for every address', access: 'session', proof: 'without password',
    body: z.object({ email: emailSchema, current: typed.optional(), password: passwordSchema.optional() }), response: done,
  },
  confirmEmail: {
    method: 'POST', path: '/api/v1/auth/email/confirm', summary: 'Sets the address with the code that went there, and the one that went to the address before', access: 'session',
    body: z.object({ code: secretSchema, oldCode: secretSchema.optional() }), response: userSchema,
  },
  findUserState: {
    method: 'POST', path: '/api/v1/support/users/find', summary: 'The state of one account, by its whole address or id', access: 'session', role: 'support',
    body: z.object({ email: emailSchema.optional(), userId: z.uuid().optional() }), response: z.object({ items: z.array(userStateSchema) }),
  },
  endUserSessions: { method: 'POST', path: '/api/v1/support/users/{userId}/end-sessions', summary: 'Ends every session of a user who asked for it', access: 'session', role: 'support', params, body: z.object({ reason }), response: done },
  unlockUser: { method: 'POST', path: '/api/v1/support/users/{userId}/unlock', summary: 'Lets a locked user sign in again', access: 'session', role: 'support', params, body: z.object({ reason }), response: done },
  lockUser: { method: 'POST', path: '/api/v1/admin/users/{userId}/lock', summary: 'Locks a user out: sessions end, keys and sign-ins are refused', access: 'session', role: 'admin', params, body: z.object({ reason }), response: done },
} as const satisfies Record<string, Route>;

export type IdentityRouteName = keyof typeof identityRoutes;
