export { addBlockReads } from './blockReads.ts';
export { createApi } from './createApi.ts';
export type { Api, CreateApiParameters } from './createApi.ts';
export { describeApi } from './openapi.ts';
export { DEFAULT_QUOTA_BYTES } from './blockDoor.ts';
export { addRpcDoor } from './rpcDoor.ts';
export { sweepIdempotency } from './sweepIdempotency.ts';
