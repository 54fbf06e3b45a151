import type { ApiKey, MailboxItem, SignedIn, User, UserActivity, UserSession } from '@neurodata/protocol';
import type { Signing } from '@neurodata/sdk';
import { type UseMutationOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import { api } from '../client/api.ts';
import { type Signer, accountOf } from '../client/connect.ts';
import { withProof } from '../client/proof.ts';
import { forgetSession, keepSession } from '../client/session.ts';
import { dismissSigning, tellSigning } from '../client/signings.ts';
import { t } from '../language/t.ts';

export const userQuery = (signedIn: boolean) => queryOptions<User>({ queryKey: ['user'], queryFn: ({ signal }) => api.getUser(undefined, { signal }), enabled: signedIn });

export const sessionsQuery = () => queryOptions<UserSession[]>({ queryKey: ['user', 'sessions'], queryFn: async ({ signal }) => (await api.listSessions(undefined, { signal })).items });

export const keysQuery = () => queryOptions<ApiKey[]>({ queryKey: ['user', 'keys'], queryFn: async ({ signal }) => (await api.listKeys(undefined, { signal })).items });

export const userActivityQuery = () => queryOptions<UserActivity[]>({ queryKey: ['user', 'activity'], queryFn: async ({ signal }) => (await api.listActivity(undefined, { signal })).items });

export const mailboxQuery = () => queryOptions<MailboxItem[]>({ queryKey: ['mailbox'], queryFn: async ({ signal }) => (await api.listMailbox(undefined, { signal })).items, refetchInterval: 5_000 });

/** A change of what belongs to the user, after which it is read again. */
export function useOwn<Input, Output>(act: (input: Input) => Promise<Output>): UseMutationOptions<Output, Error, Input> {
  const queries = useQueryClient();
  return { mutationFn: (input) => withProof(() => act(input)), onSettled: () => queries.invalidateQueries({ queryKey: ['user'] }) };
}

const cookie = true;
/** Keeps the session of whoever signed in. */
export const signIn = async (signedIn: Promise<SignedIn>): Promise<User> => keepSession(await signedIn);

export const useLoginMutation = () => useOwn((input: { email: string; password: string; secondFactor?: string | undefined }) => signIn(api.login({ ...input, cookie })));

export const useRegisterMutation = () => useOwn((input: { email: string; password: string }) => api.register(input));

export const useVerifyMutation = () => useOwn((input: { code: string; password: string }) => signIn(api.verifyEmail({ ...input, cookie })));

export const useForgotMutation = () => useOwn((input: { email: string }) => api.forgotPassword(input));

export const useResetMutation = () => useOwn((input: { code: string; password: string }) => api.resetPassword(input));

async function sign(wallet: Signer, message: string): Promise<`0x${string}`> {
  const account = await accountOf(wallet);
  if ('privateKey' in wallet) return account.signMessage({ message });
  const told = { id: `message-${Date.now()}`, kind: 'data', account: wallet.address, sentence: t`Sign a text that says who you are: it moves no money`, data: { sentence: '', domain: [], fields: [['Text', message]] } } satisfies Omit<Signing, 'state'>;
  tellSigning({ ...told, state: 'asked' });
  try {
    const signature = await account.signMessage({ message });
    tellSigning({ ...told, state: 'signed' });
    return signature;
  } catch (error) {
    dismissSigning(told.id);
    throw error;
  }
}

export const useWalletLoginMutation = () => useOwn(async ({ wallet, secondFactor }: { wallet: Signer; secondFactor?: string | undefined }) => {
  const { message } = await api.connectWallet({ address: wallet.address });
  return signIn(api.walletLogin({ message, signature: await sign(wallet, message), secondFactor, cookie }));
});

/** Shows again who is signed in, before something that takes it. */
export const useProveMutation = () => useOwn(async ({ password, wallet, secondFactor }: { password?: string; wallet?: Signer | undefined; secondFactor?: string | undefined }) => {
  if (!wallet) return api.prove({ password, secondFactor });
  const { message } = await api.connectWallet({ address: wallet.address });
  return api.prove({ wallet: { message, signature: await sign(wallet, message) }, secondFactor });
});

export const useLinkWalletMutation = () => useOwn(async (wallet: Signer) => {
  const { message } = await api.beginWalletLink({ address: wallet.address });
  return api.linkWallet({ message, signature: await sign(wallet, message) });
});

export const useUnlinkWalletMutation = () => useOwn((address: `0x${string}`) => api.unlinkWallet({ address }));

/** The node is told first, so that a failure leaves the way to try again. */
export const useLogoutMutation = () => {
  const queries = useQueryClient();
  return useOwn(async () => {
    await api.logout({});
    forgetSession();
    queries.removeQueries({ queryKey: ['user'] });
  });
};

export const useEndSessionMutation = () => useOwn((sessionId: string) => api.endSession({ sessionId }));

export const useEndOtherSessionsMutation = () => useOwn(() => api.endOtherSessions());

export const useBeginTotpMutation = () => useOwn(() => api.beginTotp({}));

export const useEnableTotpMutation = () => useOwn((secondFactor: string) => api.enableTotp({ secondFactor }));

export const useDisableTotpMutation = () => useOwn((secondFactor: string) => api.disableTotp({ secondFactor }));

export const useCreateKeyMutation = () => useOwn((name: string) => api.createKey({ name, scopes: ['profile:read', 'activity:read', 'notifications:read'] }));

export const useDeleteKeyMutation = () => useOwn((keyId: string) => api.deleteKey({ keyId }));
