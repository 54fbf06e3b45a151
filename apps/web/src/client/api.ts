import { createApi } from '@neurodata/sdk';

/** The node that served this page. */
export const nodeUrl: string = globalThis.location.origin;

/** Its API: reads need neither an account nor the chain's code. */
export const api = createApi({ url: nodeUrl });
