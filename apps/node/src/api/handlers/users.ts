import { NeuroError } from '@neurodata/protocol';
import { countedPage } from '../reads/pages.ts';
import { present } from '../reads/present.ts';
import type { Handler } from './Handler.ts';
import { handOver } from './handOver.ts';

const done = { done: true } as const;

export const register: Handler<'register'> = async ({ accounts }, { body, door }) => {
  await accounts.email.register(body, door.caller);
  return done;
};

export const verifyEmail: Handler<'verifyEmail'> = async ({ accounts }, { body, door }) => handOver(door, await accounts.email.verify(body, door.caller), body.cookie);

export const login: Handler<'login'> = async ({ accounts }, { body, door }) => handOver(door, await accounts.email.login(body, door.caller), body.cookie);

export const refresh: Handler<'refresh'> = async ({ accounts }, { body, door }) => {
  const secret = body.refresh ?? door.refresh;
  if (secret === undefined) throw new NeuroError('You are not signed in.', { code: 'UNAUTHENTICATED', remedy: 'Sign in.' });
  try {
    return handOver(door, await accounts.sessions.refresh(secret, door.caller), body.refresh === undefined);
  } catch (error) {
    if (body.refresh === undefined && error instanceof NeuroError && error.code === 'UNAUTHENTICATED') door.setRefresh(undefined);
    throw error;
  }
};

export const logout: Handler<'logout'> = async ({ accounts }, { body, door }) => {
  const secret = body.refresh ?? door.refresh;
  if (secret !== undefined) await accounts.sessions.endOf(secret);
  if (body.refresh === undefined) door.setRefresh(undefined);
  return done;
};

export const prove: Handler<'prove'> = async ({ accounts }, { body, principal, door }) => {
  const { userId, sessionId } = principal;
  // Keys do not come this far.
  if (sessionId === undefined) throw new NeuroError('This is about a session.', { code: 'FORBIDDEN', remedy: 'Sign in.' });
  return accounts.proofs.give({ ...body, userId, sessionId, host: door.host }, door.caller);
};

export const forgotPassword: Handler<'forgotPassword'> = async ({ accounts }, { body, door }) => {
  await accounts.email.forgot(body.email, door.caller);
  return done;
};

export const resetPassword: Handler<'resetPassword'> = async ({ accounts }, { body, door }) => {
  await accounts.email.reset(body, door.caller);
  return done;
};

export const changePassword: Handler<'changePassword'> = async ({ accounts }, { body, principal, door }) => {
  await accounts.email.change({ ...body, userId: principal.userId, sessionId: principal.sessionId }, door.caller);
  return done;
};

export const getUser: Handler<'getUser'> = async ({ accounts }, { principal }) => accounts.getUser(principal.userId);

export const listSessions: Handler<'listSessions'> = async ({ accounts }, { principal }) => ({ items: await accounts.sessions.list(principal.userId, principal.sessionId) });

export const endSession: Handler<'endSession'> = async ({ accounts }, { params, principal }) => {
  await accounts.sessions.end({ userId: principal.userId, sessionId: params.sessionId, reason: 'ended by its user' });
  return done;
};

export const endOtherSessions: Handler<'endOtherSessions'> = async ({ accounts }, { principal }) => {
  await accounts.sessions.endAll({ userId: principal.userId, except: principal.sessionId, reason: 'ended by its user' });
  return done;
};

export const listActivity: Handler<'listActivity'> = async ({ accounts }, { principal, query: { cursor, limit = 200 } }) => present(await accounts.listActivity(principal.userId, { before: cursor, limit }));

export const listMailbox: Handler<'listMailbox'> = async ({ accounts, demo }) => {
  if (!demo) throw new NeuroError('This node has no mailbox page.', { code: 'NOT_FOUND', remedy: 'It exists on the embedded chain only; look into your own mailbox.' });
  return { items: await accounts.listMailbox() };
};

export const connectWallet: Handler<'connectWallet'> = async ({ accounts }, { body, door }) => ({ message: await accounts.wallets.connect({ ...body, host: door.host }, door.caller) });

export const walletLogin: Handler<'walletLogin'> = async ({ accounts }, { body, door }) => handOver(door, await accounts.wallets.login({ ...body, host: door.host }, door.caller), body.cookie);

export const beginWalletLink: Handler<'beginWalletLink'> = async ({ accounts }, { body, principal, door }) => ({ message: await accounts.wallets.beginLink({ ...body, userId: principal.userId, host: door.host }, door.caller) });

export const linkWallet: Handler<'linkWallet'> = async ({ accounts }, { body, principal, door }) => accounts.wallets.link({ ...body, userId: principal.userId, host: door.host }, door.caller);

export const unlinkWallet: Handler<'unlinkWallet'> = async ({ accounts }, { params, principal, door }) => {
  await accounts.wallets.unlink({ ...params, userId: principal.userId }, door.caller);
  return done;
};

export const beginTotp: Handler<'beginTotp'> = async ({ accounts }, { principal }) => accounts.totp.begin(principal.userId);

export const enableTotp: Handler<'enableTotp'> = async ({ accounts }, { body, principal, door }) => accounts.totp.enable({ ...body, userId: principal.userId }, door.caller);

export const disableTotp: Handler<'disableTotp'> = async ({ accounts }, { body, principal, door }) => {
  await accounts.totp.disable({ ...body, userId: principal.userId }, door.caller);
  return done;
};

export const listKeys: Handler<'listKeys'> = async ({ accounts }, { principal }) => ({ items: await accounts.apiKeys.list(principal.userId) });

export const createKey: Handler<'createKey'> = async ({ accounts }, { body, principal, door }) => accounts.apiKeys.create({ ...body, userId: principal.userId }, door.caller);

export const deleteKey: Handler<'deleteKey'> = async ({ accounts }, { params, principal, door }) => {
  await accounts.apiKeys.remove({ ...params, userId: principal.userId }, door.caller);
  return done;
};

export const exportUser: Handler<'exportUser'> = async ({ accounts, notifications, discovery }, { principal }) => ({
  ...(await accounts.ownData.export(principal.userId, principal.sessionId)), webhooks: await notifications.webhooks.list(principal.userId), notifications: (await notifications.list({ userId: principal.userId, limit: 10_000 })).items,
  lists: await discovery.exportLists(principal.userId),
});

export const deleteUser: Handler<'deleteUser'> = async ({ accounts }, { body, principal, door }) => {
  await accounts.ownData.delete({ ...body, userId: principal.userId });
  door.setRefresh(undefined);
  return done;
};

/** Goes on after a count. */
export const listUsers: Handler<'listUsers'> = async ({ accounts }, { query: { cursor = 0, limit = 100 } }) => countedPage(await accounts.admin.listUsers({ limit: limit + 1, offset: cursor }), { cursor, limit });

export const findUsers: Handler<'findUsers'> = async ({ accounts }, { body: { q, cursor = 0, limit = 100 }, principal, door }) =>
  countedPage(await accounts.admin.findUsers({ q, by: principal.userId, requestId: door.requestId, part: { limit: limit + 1, offset: cursor } }), { cursor, limit });

export const setRoles: Handler<'setRoles'> = async ({ accounts }, { params, body, principal, door }) => accounts.admin.setRoles({ ...params, ...body, by: principal.userId, requestId: door.requestId }, door.caller);
