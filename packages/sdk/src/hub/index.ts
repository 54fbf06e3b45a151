export { createHub } from './createHub.ts';
export type { Hub, HubRequest, HubResponse } from './createHub.ts';
export { createEntitledSource } from './createEntitledSource.ts';
export { createPublicSource } from './createPublicSource.ts';
export { dataPathOf } from './hubFiles.ts';
export { HubError } from './HubError.ts';
export type { HubSource } from './HubSource.ts';
