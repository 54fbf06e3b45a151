import type { DisputesOverview, User, UserRole, UserState } from '@neurodata/protocol';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../client/api.ts';
import { useDeed } from './trust.ts';

/** Users of this node whose e-mail address has these letters, newest first. */
export const usersQuery = (q: string) => queryOptions<User[]>({ queryKey: ['admin', 'users', q], queryFn: async ({ signal }) => (await (q === '' ? api.listUsers(undefined, { signal }) : api.findUsers({ q }, { signal }))).items, staleTime: q === '' ? 5_000 : Infinity, placeholderData: (old) => old });

/** One account, by its whole address or id; looking is noted in the audit log. */
export const userStateQuery = (who: string) =>
  queryOptions<UserState | null>({ queryKey: ['admin', 'user state', who], queryFn: async ({ signal }) => (await api.findUserState(who.includes('@') ? { email: who } : { userId: who }, { signal })).items[0] ?? null, enabled: who !== '', staleTime: Infinity });

export const disputesOverviewQuery = () => queryOptions<DisputesOverview>({ queryKey: ['admin', 'disputes'], queryFn: ({ signal }) => api.getDisputesOverview(undefined, { signal }) });

type About = { userId: string; reason: string };

export const useLockMutation = () => useDeed((input: About) => api.lockUser(input));

export const useUnlockMutation = () => useDeed((input: About) => api.unlockUser(input));

export const useEndUserSessionsMutation = () => useDeed((input: About) => api.endUserSessions(input));

export const useSetRolesMutation = () => useDeed((input: About & { roles: UserRole[] }) => api.setRoles(input));
