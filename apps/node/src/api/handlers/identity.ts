import type { Door, Handler } from './Handler.ts';

const done = { done: true } as const;
const by = (principal: { userId: string }, door: Door) => ({ by: principal.userId, requestId: door.requestId });

export const setProfile: Handler<'setProfile'> = async ({ accounts }, { principal, body }) => accounts.identity.setProfile(principal.userId, body);

export const getPublicProfile: Handler<'getPublicProfile'> = async ({ accounts }, { params }) => {
  const { userId, profile: { displayName, bio, link }, wallets, createdAt } = await accounts.identity.getPublic(params.userId);
  return { userId, displayName, bio, link, wallets: wallets.map(({ address }) => address), since: createdAt };
};

export const beginEmail: Handler<'beginEmail'> = async ({ accounts }, { principal, body, door }) => {
  await accounts.identity.beginEmail({ ...body, userId: principal.userId }, door.caller);
  return done;
};

export const confirmEmail: Handler<'confirmEmail'> = async ({ accounts }, { principal, body, door }) => accounts.identity.confirmEmail({ ...body, userId: principal.userId }, door.caller);

export const findUserState: Handler<'findUserState'> = async ({ accounts }, { principal, body, door }) => ({ items: await accounts.support.find(body, by(principal, door)) });

export const endUserSessions: Handler<'endUserSessions'> = async ({ accounts }, { principal, params, body, door }) => {
  await accounts.support.endSessions({ ...params, ...body, ...by(principal, door) });
  return done;
};

export const unlockUser: Handler<'unlockUser'> = async ({ accounts }, { principal, params, body, door }) => {
  await accounts.support.unlock({ ...params, ...body, ...by(principal, door) });
  return done;
};

export const lockUser: Handler<'lockUser'> = async ({ accounts }, { principal, params, body, door }) => {
  await accounts.support.lock({ ...params, ...body, ...by(principal, door) });
  return done;
};
