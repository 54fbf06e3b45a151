import { firstRoutes } from '@neurodata/protocol';
import { createLazyApi } from '@neurodata/sdk';
import { nodeUrl } from './nodeUrl.ts';

export { nodeUrl };

/** Who calls, once `session.ts` is loaded: only pages about users load it. */
export const callers: { credential: () => Promise<string | undefined> } = { credential: async () => undefined };

/** Its API: reads need neither an account nor the chain's code. */
export const api = createLazyApi({ url: nodeUrl, credential: () => callers.credential(), first: firstRoutes, load: async () => (await import('./routes.ts')).routes });
