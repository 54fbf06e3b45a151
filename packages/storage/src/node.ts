export type { DiskBlocks } from './diskBlocks.ts';
export { diskBlocks } from './diskBlocks.ts';
export type { GatewayRequest, GatewayResponse } from './createGateway.ts';
export { createGateway } from './createGateway.ts';
