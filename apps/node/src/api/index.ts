export { createApi } from './createApi.ts';
export type { Api, CreateApiParameters } from './createApi.ts';
export { describeApi } from './openapi.ts';
