import type { Passkey } from '@neurodata/protocol';
import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../client/api.ts';
import { signIn, useOwn } from './user.ts';

/** Whether this browser can make and use passkeys here: over TLS, or on this machine by its name. */
export const passkeysWork = (): boolean => isSecureContext && browserSupportsWebAuthn();

export const passkeysQuery = () => queryOptions<Passkey[]>({ queryKey: ['user', 'passkeys'], queryFn: async ({ signal }) => (await api.listPasskeys(undefined, { signal })).items });

/** The browser asks for finger, face or PIN between the node's question and its answer. */
export const useAddPasskeyMutation = () => useOwn(async (name: string) => {
  const optionsJSON = await api.beginPasskey({});
  const { clientExtensionResults: _, ...credential } = await startRegistration({ optionsJSON: optionsJSON as Parameters<typeof startRegistration>[0]['optionsJSON'] });
  return api.addPasskey({ name, credential: credential as Parameters<typeof api.addPasskey>[0]['credential'] });
});

export const usePasskeyLoginMutation = () => useOwn(async () => {
  const { clientExtensionResults: _, ...credential } = await startAuthentication({ optionsJSON: await api.beginPasskeyLogin({}) });
  return signIn(api.passkeyLogin({ credential: credential as Parameters<typeof api.passkeyLogin>[0]['credential'], cookie: true }));
});

export const usePasskeyProveMutation = () => useOwn(async () => {
  const { clientExtensionResults: _, ...credential } = await startAuthentication({ optionsJSON: await api.beginPasskeyLogin({}) });
  return api.prove({ passkey: credential as Parameters<typeof api.passkeyLogin>[0]['credential'] });
});

export const useRenamePasskeyMutation = () => useOwn((input: { passkeyId: string; name: string }) => api.renamePasskey(input));

export const useDeletePasskeyMutation = () => useOwn((passkeyId: string) => api.deletePasskey({ passkeyId }));
