import { type Route, type RouteName, routes } from '@neurodata/protocol';
import type { z } from 'zod';
import { type CallOptions, type ConnectParameters, callRoute } from './callRoute.ts';

type Output<Of, Key extends string> = Of extends { [key in Key]: infer Schema extends z.ZodType } ? z.output<Schema> : unknown;
type ParametersOf<Of> = Output<Of, 'params'> & Output<Of, 'query'> & Output<Of, 'body'>;
type Method<Of extends Route> = object extends ParametersOf<Of>
  ? (parameters?: ParametersOf<Of>, options?: CallOptions) => Promise<z.output<Of['response']>>
  : (parameters: ParametersOf<Of>, options?: CallOptions) => Promise<z.output<Of['response']>>;

/** One typed method per route of `routes`: path, query and body fields in one object, the decoded response out. */
export type ApiClient = { [name in RouteName]: Method<(typeof routes)[name]> };

/**
 * The node's API, derived from the route table. Every answer is decoded with its schema.
 * Methods throw the NeuroError that the node's problem document names, `UNREACHABLE` or `TIMEOUT`.
 *
 * @example const { items } = await createApi({ url: 'http://localhost:4000' }).listAssets({ q: 'penguins' });
 */
export function createApi(parameters: ConnectParameters): ApiClient {
  const entries = Object.entries(routes).map(([name, route]) => [name, (input?: Record<string, unknown>, options?: CallOptions) => callRoute({ ...parameters, route, input: input ?? {}, ...options })]);
  return Object.fromEntries(entries) as ApiClient;
}
