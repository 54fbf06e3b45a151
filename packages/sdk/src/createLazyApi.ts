import type { Route } from '@neurodata/protocol';
import type { ApiClient } from './api.ts';
import { type CallOptions, type ConnectParameters, callRoute } from './callRoute.ts';

export type CreateLazyApiParameters = ConnectParameters & {
  /** Routes that are at hand. */
  first: Readonly<Record<string, Route>>;
  /** Loads the whole table; asked when another route is called. */
  load: () => Promise<Readonly<Record<string, Route>>>;
};

/**
 * The same methods as `createApi`, for a page that shows something before it loads what describes every route.
 *
 * @example const api = createLazyApi({ url, first: firstRoutes, load: async () => (await import('./routes.ts')).routes });
 */
export function createLazyApi({ first, load, ...connection }: CreateLazyApiParameters): ApiClient {
  const routeOf = async (name: string): Promise<Route> => {
    const route = first[name] ?? (await load())[name];
    if (!route) throw new TypeError(`there is no route ${name}`);
    return route;
  };
  const call = (name: string) => async (input?: Record<string, unknown>, options?: CallOptions): Promise<unknown> => callRoute({ ...connection, route: await routeOf(name), input: input ?? {}, ...options });
  // Not a promise, whoever asks.
  return new Proxy({} as ApiClient, { get: (_, name) => (typeof name === 'symbol' || name === 'then' ? undefined : call(name)) });
}
