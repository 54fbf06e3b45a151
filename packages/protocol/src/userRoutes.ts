import { z } from 'zod';
import type { Route } from './route.ts';
import { emailSchema, mailSchema, passwordSchema, secondFactorSchema, secretSchema, sessionSchema, signedInSchema, userActivitySchema, userSchema } from './userDto.ts';

const done = z.object({ done: z.literal(true) });
/** With `cookie` the refresh credential goes into a cookie, for browsers, else into the answer. */
const cookie = z.boolean().optional();
/** Anything that somebody may type as a password: what is too short was never one, but is answered like a wrong one. */
const typed = z.string().max(256);
const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });

/** Signing in, and what belongs to a user. What is refused is refused in the same words and time whether or not an address is known. */
export const userRoutes = {
  register: {
    method: 'POST', path: '/api/v1/auth/register', summary: 'Asks for an account; a mail brings the code that makes it. The answer is the same for every address',
    body: z.object({ email: emailSchema, password: passwordSchema }), response: done,
  },
  verifyEmail: {
    method: 'POST', path: '/api/v1/auth/verify', summary: 'Makes the account with the code of the mail and the password chosen before, and signs in',
    body: z.object({ code: secretSchema, password: typed, cookie }), response: signedInSchema,
  },
  login: {
    method: 'POST', path: '/api/v1/auth/login', summary: 'Signs in with address and password; SECOND_FACTOR asks for `secondFactor` as well',
    body: z.object({ email: z.string().max(254).trim().toLowerCase(), password: typed, secondFactor: secondFactorSchema.optional(), cookie }), response: signedInSchema,
  },
  refresh: {
    method: 'POST', path: '/api/v1/auth/refresh', summary: 'New credentials for old: each refresh credential works once, and a second use ends the session. From the cookie where the body names none',
    body: z.object({ refresh: secretSchema.optional() }), response: signedInSchema,
  },
  logout: {
    method: 'POST', path: '/api/v1/auth/logout', summary: 'Ends the session of the refresh credential, of the body or of the cookie',
    body: z.object({ refresh: secretSchema.optional() }), response: done,
  },
  forgotPassword: {
    method: 'POST', path: '/api/v1/auth/password/forgot', summary: 'Mails a code for a new password, where the address is known; the answer does not tell',
    body: z.object({ email: emailSchema }), response: done,
  },
  resetPassword: {
    method: 'POST', path: '/api/v1/auth/password/reset', summary: 'Sets a new password with the code of the mail; every session ends',
    body: z.object({ code: secretSchema, password: passwordSchema }), response: done,
  },
  changePassword: {
    method: 'POST', path: '/api/v1/auth/password/change', summary: 'Sets a new password; every other session ends', access: 'session',
    body: z.object({ current: typed, password: passwordSchema }), response: done,
  },
  getUser: { method: 'GET', path: '/api/v1/auth/user', summary: 'Who is signed in', access: 'profile:read', response: userSchema },
  listSessions: { method: 'GET', path: '/api/v1/auth/sessions', summary: 'Open sessions, last used first', access: 'session', response: list(sessionSchema) },
  endSession: {
    method: 'DELETE', path: '/api/v1/auth/sessions/{sessionId}', summary: 'Ends one of the own sessions', access: 'session',
    params: z.object({ sessionId: z.uuid() }), response: done,
  },
  endOtherSessions: { method: 'DELETE', path: '/api/v1/auth/sessions', summary: 'Ends every session but this one', access: 'session', response: done },
  listActivity: { method: 'GET', path: '/api/v1/auth/activity', summary: 'What was done with this account, newest first; the last 200', access: 'activity:read', response: list(userActivitySchema) },
  listMailbox: { method: 'GET', path: '/api/v1/demo/mailbox', summary: 'The last mails that this node would have sent (embedded default only)', response: list(mailSchema) },
} as const satisfies Record<string, Route>;

export type UserRouteName = keyof typeof userRoutes;
