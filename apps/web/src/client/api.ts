import { createApi } from '@neurodata/sdk';

/** The node that served this page. */
export const nodeUrl: string = globalThis.location.origin;

/** Who calls, once `session.ts` is loaded: only pages about users load it. */
export const callers: { credential: () => Promise<string | undefined> } = { credential: async () => undefined };

/** Its API: reads need neither an account nor the chain's code. */
export const api = createApi({ url: nodeUrl, credential: () => callers.credential() });
