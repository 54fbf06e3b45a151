import { setTimeout as sleep } from 'node:timers/promises';
import { memoryBlocks } from '@neurodata/storage';
import type { Config, Readiness } from '@neurodata/protocol';
import { createAccounts, createKeyRing, createPasswordHasher, createSecretBox, mailboxMailer } from '../accounts/index.ts';
import type { Accounts, CreateAccountsParameters } from '../accounts/index.ts';
import type { JsonRpcResponse } from '../chain/index.ts';
import { createChanges } from '../common/changes.ts';
import type { Changes } from '../common/changes.ts';
import { createLogger } from '../common/logger.ts';
import { createBackgroundJobs } from '../jobs/index.ts';
import type { BackgroundJobs } from '../jobs/index.ts';
import type { Database } from '../db/openDatabase.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { createNotifications } from '../notifications/index.ts';
import type { Notifications } from '../notifications/index.ts';
import { createApi } from './createApi.ts';
import type { Api, CreateApiParameters } from './createApi.ts';
import { createPublicClient, custom } from 'viem';
import type { PublicClient } from 'viem';

export type ServedApi = { api: Api; accounts: Accounts; notifications: Notifications; jobs: BackgroundJobs; db: Database; changes: Changes; close(): Promise<void> };

export const log = createLogger({ level: 'silent' });

type ServedChain = { url: string; publicClient: PublicClient; config: Config };

/** For what needs none: whoever asks it is told so. */
export const noChain: ServedChain = {
  url: 'http://127.0.0.1:1',
  publicClient: createPublicClient({ transport: custom({ request: () => Promise.reject(new Error('no chain here')) }) }),
  config: {
    version: '0.1.0', deployment: { chainId: 31_337, block: 0, addresses: {} as Config['deployment']['addresses'] }, rpcUrl: '/rpc', demo: true, engineId: `0x${'00'.repeat(32)}`, feeBps: 25, roundFee: 1n, listingBond: 1n,
    windows: { grant: 1, confirm: 1, dispute: 1, jobOpen: 1, jobRun: 1 },
  },
};

/** For tests: the API on a free port over `db`, or over an empty database. It holds no answers, since tests change rows under it. */
export async function serveApi(parameters: { chain: ServedChain; db?: Database; users?: Partial<CreateAccountsParameters>; notices?: Partial<Parameters<typeof createNotifications>[0]>; extra?: Partial<CreateApiParameters> }): Promise<ServedApi> {
  const { chain, extra } = parameters;
  const db = parameters.db ?? (await openTestDatabase(undefined));
  const changes = createChanges();
  const readiness = (): Readiness => ({ ready: true, parts: { database: { ready: true } } });
  const rpc = async (request: object): Promise<JsonRpcResponse> => {
    const response = await fetch(chain.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: 0, ...request }) });
    return (await response.json()) as JsonRpcResponse;
  };
  const users = { now: () => Math.floor(Date.now() / 1_000), ...parameters.users };
  const box = createSecretBox(new Uint8Array(32));
  // It works when a test has it take a step.
  const notifications = createNotifications({ db, log, box, changes, siteUrl: () => api.url, now: users.now, mailer: mailboxMailer(db, users.now), confirmations: 0, confirmSeconds: chain.config.windows.confirm, loopbackWebhooks: true, ...parameters.notices });
  const accounts = await openTestAccounts({ db, siteUrl: () => api.url, chain: { client: chain.publicClient, chainId: chain.config.deployment.chainId }, users: { box, tell: (notice) => notifications.tell(notice), ...users } });
  await accounts.start();
  const jobs = lazyJobs(db);
  const api: Api = createApi({
    db, accounts, notifications, jobs, chain: { rpc, publicClient: chain.publicClient }, indexer: { head: () => undefined }, blocks: memoryBlocks(), config: chain.config, readiness, port: 0, log, changes, holdMs: 0, ...extra,
  });
  await api.start();
  const close = async (): Promise<void> => {
    await api.stop();
    await accounts.stop();
    await notifications.stop();
    await jobs.stop();
    if (!parameters.db) await db.close();
  };
  return { api, accounts, notifications, jobs, db, changes, close };
}

/** Real ones that start when they are first asked for: few tests need them. */
function lazyJobs(db: Database): BackgroundJobs {
  const jobs = createBackgroundJobs({ db, log });
  let started: Promise<void> | undefined;
  const start = (): Promise<void> => (started ??= jobs.start());
  const after = <A extends unknown[], R>(work: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
    await start();
    return work(...args);
  };
  return {
    ...jobs, start, stop: async () => { if (started) await jobs.stop(); },
    enqueue: after(jobs.enqueue) as BackgroundJobs['enqueue'], list: after(jobs.list), retry: after(jobs.retry), cancel: after(jobs.cancel), count: after(jobs.count), idle: after(jobs.idle),
  };
}

/** Hashes are cheap and tries are many here; mails go to the mailbox. */
async function openTestAccounts(parameters: Pick<CreateAccountsParameters, 'db' | 'siteUrl' | 'chain'> & { users: Partial<CreateAccountsParameters> }): Promise<Accounts> {
  const { users, ...rest } = parameters;
  const { now = () => Math.floor(Date.now() / 1_000) } = users;
  const keys = await createKeyRing({ store: { read: async () => [], write: async () => undefined }, now });
  const hasher = createPasswordHasher({ cost: { memoryKib: 64, passes: 1, parallelism: 1 } });
  return createAccounts({ ...rest, log, keys, hasher, now, box: createSecretBox(new Uint8Array(32)), mailer: mailboxMailer(rest.db, now), limitFactor: 100, ...users });
}

/** Polls until `find` gives something. */
export async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const found = await find();
    if (found !== undefined) return found;
    await sleep(20);
  }
  throw new Error('it did not come');
}
