import { z } from 'zod';
import { passkeySignedSchema } from './passkeyDto.ts';
import type { Route } from './route.ts';
import { addressSchema, hexSchema, secondsSchema } from './schemas.ts';
import { apiKeySchema, emailSchema, mailSchema, passwordSchema, secondFactorSchema, secretSchema, sessionSchema, scopes, signedInSchema, userActivitySchema, userExportSchema, userRoles, userSchema } from './userDto.ts';

const done = z.object({ done: z.literal(true) });
/** With `cookie` the refresh credential goes into a cookie, for browsers, else into the answer. */
const cookie = z.boolean().optional();
/** Anything that somebody may type as a password: what is too short was never one, but is answered like a wrong one. */
const typed = z.string().max(256);
/** An EIP-4361 message as the node wrote it, and what the wallet made of it. */
const signedMessage = { message: z.string().max(4_000), signature: hexSchema };
const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.number().int().optional() });
/** Goes on where the page before ended. */
const cursor = z.coerce.number().int().nonnegative().optional();
const limitOf = (most: number) => z.coerce.number().int().min(1).max(most).optional();

/** Signing in, and what belongs to a user. What is refused is refused in the same words and time whether or not an address is known. */
export const userRoutes = {
  register: {
    method: 'POST', path: '/api/v1/auth/register', summary: 'Asks for an account; a mail brings the code that makes it. The answer is the same for every address',
    body: z.object({ email: emailSchema, password: passwordSchema }), response: done,
  },
  verifyEmail: {
    method: 'POST', once: true, path: '/api/v1/auth/verify', summary: 'Makes the account with the code of the mail and the password chosen before, and signs in',
    body: z.object({ code: secretSchema, password: typed, cookie }), response: signedInSchema,
  },
  login: {
    method: 'POST', once: true, path: '/api/v1/auth/login', summary: 'Signs in with address and password; SECOND_FACTOR asks for `secondFactor` as well',
    body: z.object({ email: z.string().max(254).trim().toLowerCase(), password: typed, secondFactor: secondFactorSchema.optional(), cookie }), response: signedInSchema,
  },
  refresh: {
    method: 'POST', once: true, path: '/api/v1/auth/refresh', summary: 'New credentials for old: each refresh credential works once, and a second use ends the session. From the cookie where the body names none',
    body: z.object({ refresh: secretSchema.optional() }), response: signedInSchema,
  },
  logout: {
    method: 'POST', once: true, path: '/api/v1/auth/logout', summary: 'Ends the session of the refresh credential, of the body or of the cookie',
    body: z.object({ refresh: secretSchema.optional() }), response: done,
  },
  prove: {
    method: 'POST', once: true, path: '/api/v1/auth/prove', summary: 'Shows again who is signed in, by one of: the password, what a wallet signed, a passkey; routes that change how one signs in ask for it (PROOF_NEEDED) ten minutes after', access: 'session',
    body: z.object({ password: typed.optional(), wallet: z.object(signedMessage).optional(), passkey: passkeySignedSchema.optional(), secondFactor: secondFactorSchema.optional() }), response: z.object({ provedUntil: secondsSchema }),
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
    method: 'DELETE', path: '/api/v1/auth/sessions/{sessionId}', summary: 'Ends one of the own sessions', access: 'session', proof: true,
    params: z.object({ sessionId: z.uuid() }), response: done,
  },
  endOtherSessions: { method: 'DELETE', path: '/api/v1/auth/sessions', summary: 'Ends every session but this one', access: 'session', proof: true, response: done },
  listActivity: {
    method: 'GET', path: '/api/v1/auth/activity', summary: 'What was done with this account, newest first; 200 at once', access: 'activity:read',
    query: z.object({ cursor, limit: limitOf(200) }), response: page(userActivitySchema),
  },
  connectWallet: {
    method: 'POST', path: '/api/v1/auth/wallet/connect', summary: 'The message (EIP-4361) whose signature signs a wallet in, for ten minutes and one use',
    body: z.object({ address: addressSchema }), response: z.object({ message: z.string() }),
  },
  walletLogin: {
    method: 'POST', once: true, path: '/api/v1/auth/wallet/auth', summary: 'Signs in with a wallet, also one that is a contract (ERC-1271, ERC-6492); a new one gets an account',
    body: z.object({ ...signedMessage, secondFactor: secondFactorSchema.optional(), cookie }), response: signedInSchema,
  },
  beginWalletLink: {
    method: 'POST', path: '/api/v1/auth/wallet/link/begin', summary: 'The message whose signature links a wallet to the account', access: 'session',
    body: z.object({ address: addressSchema }), response: z.object({ message: z.string() }),
  },
  linkWallet: { method: 'POST', path: '/api/v1/auth/wallet/link', summary: 'Links a wallet to the account', access: 'session', proof: true, body: z.object(signedMessage), response: userSchema },
  unlinkWallet: {
    method: 'DELETE', path: '/api/v1/auth/wallets/{address}', summary: 'Unlinks a wallet; not the last way to sign in', access: 'session', proof: true,
    params: z.object({ address: addressSchema }), response: done,
  },
  beginTotp: { method: 'POST', path: '/api/v1/auth/totp/begin', summary: 'A secret for an authenticator; nothing changes until a code of it comes', access: 'session', proof: true, body: z.object({}), response: z.object({ uri: z.string(), secret: z.string() }) },
  enableTotp: {
    method: 'POST', path: '/api/v1/auth/totp/enable', summary: 'Asks for a second factor from now on; gives the recovery codes, once', access: 'session',
    body: z.object({ secondFactor: secondFactorSchema }), response: z.object({ recoveryCodes: z.array(z.string()) }),
  },
  disableTotp: { method: 'POST', path: '/api/v1/auth/totp/disable', summary: 'Asks for no second factor any more', access: 'session', body: z.object({ secondFactor: secondFactorSchema }), response: done },
  listKeys: { method: 'GET', path: '/api/v1/auth/keys', summary: 'API keys, newest first', access: 'session', response: list(apiKeySchema) },
  createKey: {
    method: 'POST', path: '/api/v1/auth/keys', summary: 'An API key with what it may do; the key itself is told this once', access: 'session', proof: true,
    body: z.object({ name: z.string().trim().min(1).max(100), scopes: z.array(z.enum(scopes)).min(1), expiresAt: secondsSchema.max(2 ** 40).optional() }),
    response: z.object({ key: z.string(), item: apiKeySchema }),
  },
  deleteKey: { method: 'DELETE', path: '/api/v1/auth/keys/{keyId}', summary: 'Ends an API key', access: 'session', params: z.object({ keyId: z.uuid() }), response: done },
  exportUser: { method: 'GET', path: '/api/v1/auth/export', summary: 'Everything that this node keeps about the user', access: 'session', response: userExportSchema },
  deleteUser: {
    method: 'POST', path: '/api/v1/auth/delete', summary: 'Deletes the account and all of that; what is on chain stays', access: 'session', proof: 'without password',
    body: z.object({ password: typed.optional(), secondFactor: secondFactorSchema.optional() }), response: done,
  },
  listUsers: { method: 'GET', path: '/api/v1/admin/users', summary: 'Users of this node, newest first', access: 'session', role: 'admin', query: z.object({ cursor, limit: limitOf(100) }), response: page(userSchema) },
  findUsers: {
    method: 'POST', path: '/api/v1/admin/users/find', summary: 'Those whose e-mail address has `q` in it; not in the address of a request, where it would be kept', access: 'session', role: 'admin',
    body: z.object({ q: z.string().min(1).max(254), cursor: z.number().int().nonnegative().optional(), limit: z.number().int().min(1).max(100).optional() }), response: page(userSchema),
  },
  setRoles: {
    method: 'POST', path: '/api/v1/admin/users/{userId}/roles', summary: 'What a user may do; the last admin stays one', access: 'session', role: 'admin',
    params: z.object({ userId: z.uuid() }), body: z.object({ roles: z.array(z.enum(userRoles)).max(userRoles.length), reason: z.string().trim().max(500).optional() }), response: userSchema,
  },
  listMailbox: { method: 'GET', cache: 'never', path: '/api/v1/demo/mailbox', summary: 'The last mails that this node would have sent (embedded default only)', response: list(mailSchema) },
} as const satisfies Record<string, Route>;

export type UserRouteName = keyof typeof userRoutes;
