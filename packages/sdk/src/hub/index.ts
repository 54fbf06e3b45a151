export { createHub } from './createHub.ts';
export type { Hub, HubRequest } from './createHub.ts';
export { createEntitledSource } from './createEntitledSource.ts';
export { createPublicSource } from './createPublicSource.ts';
export { dataPathOf } from './hubFiles.ts';
export { HubError, toHubError } from './HubError.ts';
export { type HubResponse, hubJson, hubRefusal } from './hubAnswers.ts';
export type { HubSource } from './HubSource.ts';
