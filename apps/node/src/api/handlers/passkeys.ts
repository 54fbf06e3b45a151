import type { Handler } from './Handler.ts';
import { handOver } from './handOver.ts';

const done = { done: true } as const;

export const beginPasskeyLogin: Handler<'beginPasskeyLogin'> = async ({ accounts }, { door }) => accounts.passkeys.beginLogin(door.host, door.caller);

export const passkeyLogin: Handler<'passkeyLogin'> = async ({ accounts }, { body, door }) => handOver(door, await accounts.passkeys.login(body.credential, door.caller), body.cookie);

export const listPasskeys: Handler<'listPasskeys'> = async ({ accounts }, { principal }) => ({ items: await accounts.passkeys.list(principal.userId) });

export const beginPasskey: Handler<'beginPasskey'> = async ({ accounts }, { principal, door }) => accounts.passkeys.begin({ userId: principal.userId, host: door.host }, door.caller);

export const addPasskey: Handler<'addPasskey'> = async ({ accounts }, { body, principal, door }) => accounts.passkeys.add({ ...body, userId: principal.userId }, door.caller);

export const renamePasskey: Handler<'renamePasskey'> = async ({ accounts }, { params, body, principal }) => {
  await accounts.passkeys.rename({ ...params, ...body, userId: principal.userId });
  return done;
};

export const deletePasskey: Handler<'deletePasskey'> = async ({ accounts }, { params, principal, door }) => {
  await accounts.passkeys.remove({ ...params, userId: principal.userId }, door.caller);
  return done;
};
