export type { DiskBlocks } from './diskBlocks.ts';
export { diskBlocks } from './diskBlocks.ts';
export type { GatewayRequest, GatewayResponse } from './createGateway.ts';
export { createGateway } from './createGateway.ts';
export type { KuboParameters } from './kuboTarget.ts';
export { kuboTarget } from './kuboTarget.ts';
export type { PinRequest, PinState, Pinned, PinningTarget } from './PinningTarget.ts';
export type { PinningServiceParameters } from './pinningService.ts';
export { pinningService } from './pinningService.ts';
