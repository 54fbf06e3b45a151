import { NeuroError, routes } from '@neurodata/protocol';
import type { Route, RouteName } from '@neurodata/protocol';
import type { Door } from '../handlers/Handler.ts';
import { handlers } from '../handlers/index.ts';
import type { Builder, GraphqlContext } from './createBuilder.ts';
import type { ObjectRef, Types } from './createTypes.ts';

export type Page<T> = { items: T[]; next?: number | string | undefined };
/** The routes that answer with a list. */
export type ListRoute = { [K in RouteName]: Awaited<ReturnType<(typeof handlers)[K]>> extends Page<unknown> ? K : never }[RouteName];
export type ItemOf<K extends ListRoute> = Awaited<ReturnType<(typeof handlers)[K]>>['items'][number];

const usualPage = 25;
const mostPage = 100;
const paging = ['cursor', 'limit'];
/** Of a list inside another object: it takes statements of its own for each. */
const costOfNested = 100;

/** Asks the handler of a route as REST does, once per request and question. */
export async function ask<K extends RouteName>(context: GraphqlContext, name: K, request: { params?: object; query?: object } = {}): Promise<Awaited<ReturnType<(typeof handlers)[K]>>> {
  const route: Route = routes[name];
  const key = JSON.stringify([name, request]);
  // One type per route; the table of handlers forgets which.
  const handler = handlers[name] as unknown as (deps: GraphqlContext['deps'], request: unknown) => Promise<unknown>;
  const answer = context.answers.get(key) ?? (async () => {
    const principal = route.access === undefined ? undefined : await context.authenticate(route);
    return handler(context.deps, { principal, door: noDoor, params: route.params?.parse(request.params ?? {}), query: route.query?.parse(request.query ?? {}), body: undefined });
  })();
  context.answers.set(key, answer);
  return answer as never;
}

/** Only routes that write, or hand out credentials, look at it. */
const noDoor = new Proxy({} as Door, {
  get: () => {
    throw new NeuroError('This is not served here.', { code: 'INTERNAL' });
  },
});

export type Lists = ReturnType<typeof createLists>;

/** Fields that are pages of a list route: `first` and `after` are its limit and cursor. */
export function createLists(builder: Builder, types: Types) {
  const pageInfo = builder.objectRef<{ next?: number | string | undefined }>('PageInfo').implement({
    fields: (t) => ({
      hasNextPage: t.boolean({ complexity: 0, resolve: ({ next }) => next !== undefined }),
      endCursor: t.string({ complexity: 0, nullable: true, description: 'What `after` of the next page is; the same as `next` and `cursor` of REST.', resolve: ({ next }) => next?.toString() ?? null }),
    }),
  });
  const connections = new Map<string, ObjectRef<Page<unknown>>>();
  function connectionOf<T>(node: ObjectRef<T>): ObjectRef<Page<T>> {
    const name = `${node.name}Connection`;
    const ref = (connections.get(name) ?? builder.objectRef<Page<T>>(name).implement({
      fields: (t) => ({
        nodes: t.field({ type: [node] as never, complexity: { field: 0, multiplier: 1 }, resolve: (page) => page.items as never }),
        pageInfo: t.field({ type: pageInfo, complexity: { field: 0, multiplier: 1 }, resolve: (page) => page }),
      }),
    })) as ObjectRef<Page<T>>;
    connections.set(name, ref as ObjectRef<Page<unknown>>);
    return ref;
  }
  /** The arguments of a route's list, without those that the place fixes. */
  function argsOf(owner: string, route: ListRoute, fixed: readonly string[] = []) {
    const { query }: Route = routes[route];
    const pages = paging.every((name) => query !== undefined && name in (query as unknown as { shape: object }).shape);
    const own = types.args(owner, query, [...paging, ...fixed]);
    return builder.args((t) => ({ ...(pages ? { first: t.int(), after: t.string() } : {}), ...(own as object) }));
  }
  const costOf = (field: number) => (args: unknown) => {
    const first = (args as { first?: number | null }).first ?? usualPage;
    return { field, multiplier: Math.min(Math.max(first, 1), mostPage) };
  };
  /** A page of a route; `fixed` is what the parent says. */
  async function readPage<K extends ListRoute>(context: GraphqlContext, route: K, args: object, fixed: object = {}): Promise<Page<ItemOf<K>>> {
    return (await ask(context, route, { query: { ...queryOf(args), ...fixed } })) as Page<ItemOf<K>>;
  }
  return { connectionOf, argsOf, readPage, costOfRoot: costOf(1), costOfNested: costOf(costOfNested) };
}

/** GraphQL's words for a page in REST's. */
export function queryOf(args: object): Record<string, unknown> {
  const { first, after, ...rest } = args as { first?: number | null; after?: string | null };
  return Object.fromEntries(Object.entries({ ...rest, limit: first, cursor: after }).filter(([, value]) => value !== null && value !== undefined));
}
