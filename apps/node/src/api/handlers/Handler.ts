import type { Config, DemoAccount, Readiness, RouteName, routes } from '@neurodata/protocol';
import type { Storage } from '@neurodata/storage';
import type { Address, Hex, PublicClient } from 'viem';
import type { z } from 'zod';
import type { Accounts, Caller, Principal } from '../../accounts/index.ts';
import type { Notifications } from '../../notifications/index.ts';
import type { Database } from '../../db/openDatabase.ts';
import type { BackgroundJobs } from '../../jobs/index.ts';
import type { Discovery } from '../../discovery/index.ts';
import type { Relay } from '../createRelay.ts';

type Part<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined;

export type HandlerRequest<K extends RouteName> = {
  params: Part<(typeof routes)[K], 'params'>;
  query: Part<(typeof routes)[K], 'query'>;
  body: Part<(typeof routes)[K], 'body'>;
  /** Who is signed in, for the routes that ask for it. */
  principal: (typeof routes)[K] extends { access: string } ? Principal : undefined;
  door: Door;
};

/** What of a request is not in its schemas. */
export type Door = {
  caller: Caller;
  /** Of this request, as its answer and the log name it. */
  requestId: string;
  /** The host that was asked for, one of ours. */
  host: string;
  /** The refresh credential of the cookie. */
  refresh: string | undefined;
  /** Sends the cookie that holds one, or takes it away. */
  setRefresh(credential: { refresh: string; refreshExpiresAt: number } | undefined): void;
};

/** Answers one route: what the schemas let in, decoded; what goes out, before it is encoded. */
export type Handler<K extends RouteName> = (context: HandlerContext, request: HandlerRequest<K>) => Promise<z.output<(typeof routes)[K]['response']>>;

export type Demo = {
  accounts: DemoAccount[];
  /** Gives play money to an account; resolves when the transaction is mined. */
  fund(address: Address): Promise<{ transaction: Hex; amount: bigint }>;
};

/** What handlers may use. */
export type HandlerContext = {
  db: Database;
  config: Config;
  client: PublicClient;
  /** Blocks of this node and its peers. */
  storage: Pick<Storage, 'readRaw'>;
  /** What the indexer saw of the chain. */
  indexer: { head(): { chain: number } | undefined };
  readiness: () => Readiness | Promise<Readiness>;
  demo: Demo | undefined;
  accounts: Accounts;
  notifications: Notifications;
  jobs: Pick<BackgroundJobs, 'list' | 'retry' | 'cancel' | 'forget'>;
  discovery: Discovery;
  relay: Relay;
};
