import { z } from 'zod';
import { passkeyCreatedSchema, passkeyCreationSchema, passkeyRequestSchema, passkeySchema, passkeySignedSchema } from './passkeyDto.ts';
import type { Route } from './route.ts';
import { signedInSchema } from './userDto.ts';

const done = z.object({ done: z.literal(true) });
const params = z.object({ passkeyId: z.uuid() });
const nameSchema = z.string().trim().min(1).max(100);

/** Passkeys (WebAuthn): signing in with a device that asks for its owner's finger, face or PIN. */
export const passkeyRoutes = {
  beginPasskeyLogin: { method: 'POST', path: '/api/v1/auth/passkeys/login/begin', summary: 'What the browser is asked for a sign-in without a user name; its challenge works once, for five minutes', body: z.object({}), response: passkeyRequestSchema },
  passkeyLogin: {
    method: 'POST', once: true, path: '/api/v1/auth/passkeys/login', summary: 'Signs in with a passkey; it is two factors by itself, so none is asked for besides',
    body: z.object({ credential: passkeySignedSchema, cookie: z.boolean().optional() }), response: signedInSchema,
  },
  listPasskeys: { method: 'GET', path: '/api/v1/auth/passkeys', summary: 'Passkeys of the account, newest first', access: 'session', response: z.object({ items: z.array(passkeySchema) }) },
  beginPasskey: { method: 'POST', path: '/api/v1/auth/passkeys/begin', summary: 'What the browser is asked to make a passkey', access: 'session', proof: true, body: z.object({}), response: passkeyCreationSchema },
  addPasskey: {
    method: 'POST', path: '/api/v1/auth/passkeys', summary: 'Adds the passkey that the browser made', access: 'session',
    body: z.object({ name: nameSchema, credential: passkeyCreatedSchema }), response: passkeySchema,
  },
  renamePasskey: { method: 'POST', path: '/api/v1/auth/passkeys/{passkeyId}', summary: 'Gives a passkey another name', access: 'session', params, body: z.object({ name: nameSchema }), response: done },
  deletePasskey: { method: 'DELETE', path: '/api/v1/auth/passkeys/{passkeyId}', summary: 'Removes a passkey; not the last way to sign in', access: 'session', proof: true, params, response: done },
} as const satisfies Record<string, Route>;

export type PasskeyRouteName = keyof typeof passkeyRoutes;
