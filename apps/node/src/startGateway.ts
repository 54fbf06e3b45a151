import { isIP } from 'node:net';
import path from 'node:path';
import { neuroCoinAbi } from '@neurodata/protocol';
import type { Config, Deployment, Readiness } from '@neurodata/protocol';
import { cachedBlocks, createStorage, parseCid, rawCidOfDigest } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { diskBlocks } from '@neurodata/storage/node';
import { parseUnits } from 'viem';
import type { Hex } from 'viem';
import { createAccounts, createKeyRing, createOutbox, createPasswordHasher, createSecretBox, keyRingFile, loadSecretKey, mailboxMailer, smtpTransport } from './accounts/index.ts';
import type { Accounts } from './accounts/index.ts';
import { createNotifications } from './notifications/index.ts';
import type { Notifications } from './notifications/index.ts';
import { DEFAULT_QUOTA_BYTES, createApi, sweepIdempotency } from './api/index.ts';
import type { ChainClients, DevChain, Sender } from './chain/index.ts';
import { createChanges } from './common/changes.ts';
import type { Changes } from './common/changes.ts';
import { isLoopbackAddress } from './common/publicAddress.ts';
import type { Settings } from './config.ts';
import type { Database } from './db/openDatabase.ts';
import type { Meaning } from './discovery/index.ts';
import { createEmbedder, createMeaning, findAlerts, noticeOf, refreshStatistics, refreshViewed } from './discovery/index.ts';
import { createHostedPins } from './pinning/createHostedPins.ts';
import { createHubTables } from './query/createHubTables.ts';
import { readReadiness } from './readReadiness.ts';
import { startBitswap } from './startBitswap.ts';
import { createIndexer } from './indexer/createIndexer.ts';
import { createBackgroundJobs } from './jobs/index.ts';
import type { BackgroundJobs } from './jobs/index.ts';
import { defineKeeping } from './keeping/defineKeeping.ts';
import type { Cast } from './network.ts';
import { readConfig } from './readConfig.ts';
import { upholdSuspended } from './trust/index.ts';
import { addGatewayReadings } from './telemetry/gatewayReadings.ts';
import type { Telemetry } from './telemetry/openTelemetry.ts';

const faucetAmount = parseUnits('1000', 18);
const gasAmount = parseUnits('10', 18);

export type GatewayParameters = {
  settings: Settings;
  telemetry: Pick<Telemetry, 'log' | 'metrics'>;
  /** `rpc` is the door behind `/rpc`. */
  chain: { rpc: DevChain['rpc']; clients: ChainClients };
  deployment: Deployment;
  db: Database;
  /** What is started is stopped with it. */
  stack: AsyncDisposableStack;
  /** Play money, on an embedded chain. */
  demo?: { people: Cast['people']; deployer: Sender };
  /** Asked for blocks that this node lacks. */
  peers?: BlockStore[];
  /** Folder of the built web app. */
  webFolder?: Promise<string>;
};

export type Gateway = { url: string; config: Config; markReady(): void };

/** Storage, indexer and API: what serves readers. Ready once the rows are near the head and `markReady` was called. */
export async function startGateway(parameters: GatewayParameters): Promise<Gateway> {
  const { settings, telemetry, chain, deployment, db, stack, demo } = parameters;
  const { log, metrics } = telemetry;
  const { publicClient } = chain.clients;
  const blocks = diskBlocks({ folder: path.join(settings.home, 'blocks') });
  const bitswap = settings.bitswap && (await startBitswap({ settings: settings.bitswap, home: settings.home, blocks, log, stack }));
  const peers = [...(parameters.peers ?? []), ...(bitswap ? (settings.bitswap?.peers ?? []).map((address) => bitswap.blocksOf(address)) : [])];
  const storage = createStorage(peers.length === 0 ? blocks : cachedBlocks([blocks, ...peers]));
  const changes = createChanges();
  const config = await readConfig({ publicClient, deployment: { ...deployment, chainId: settings.chainId }, demo: demo !== undefined, walletConnect: settings.walletConnect });
  const indexer = createIndexer({ db, publicClient, deployment, log, readDocument: (digest) => storage.readRaw(rawCidOfDigest(digest)), onChange: changes.publish });
  await indexer.start();
  stack.defer(() => indexer.stop());
  let rolesReady = false;
  const webFolder = await parameters.webFolder;
  let url = '';
  const jobs = createBackgroundJobs({ db, log, onTry: metrics.job });
  const siteUrl = (): string => settings.siteUrl ?? url.replace('//127.0.0.1:', '//localhost:');
  const { accounts, notifications } = await openUsers(parameters, { confirmSeconds: config.windows.confirm, jobs, changes, siteUrl, blocks });
  jobs.define('cleanup', {
    retries: 3, backoff: 60, timeoutSeconds: 600, every: '17 * * * *',
    work: async () => {
      await accounts.sweep();
      return sweepIdempotency(db, Math.floor(Date.now() / 1_000));
    },
  });
  // A minute at most after the rows show a suspension.
  jobs.define('reports', { retries: 1, backoff: 30, timeoutSeconds: 60, every: '* * * * *', forget: true, work: () => upholdSuspended(db) });
  jobs.define('search-statistics', {
    retries: 1, backoff: 60, timeoutSeconds: 600, every: '*/15 * * * *', forget: true,
    work: async () => {
      await refreshViewed(db, Math.floor(Date.now() / 1_000));
      await refreshStatistics(db, Math.floor(Date.now() / 1_000));
    },
  });
  jobs.define('alerts', {
    retries: 3, backoff: 30, timeoutSeconds: 300, every: '*/5 * * * *', forget: true,
    work: async () => {
      const found = await findAlerts({ db, now: () => Math.floor(Date.now() / 1_000), notify: async (alerts, tx) => { for (const alert of alerts) await notifications.tell(noticeOf(alert), tx); } });
      return { told: found.length };
    },
  });
  const meaning = settings.embeddings === undefined ? undefined : await openMeaning(parameters, settings.embeddings);
  if (meaning) jobs.define('embeddings', { retries: 1, backoff: 60, timeoutSeconds: 3_600, every: '* * * * *', forget: true, work: (_, signal) => meaning.embedMissing(signal) });
  const loopback = demo !== undefined || isForThisMachine(settings);
  const pins = createHostedPins({ db, own: blocks, peers, jobs, log, quotaBytes: DEFAULT_QUOTA_BYTES, loopback, ...(bitswap ? { bitswap } : {}), checkBytes: settings.keeping?.checkBytes ?? 0 });
  metrics.add({ name: 'neurodata_hosted_pins', help: 'What this node keeps for others, by how it stands', labels: ['state'], read: async () => (await pins.count()).map(({ state, count }) => ({ labels: { state }, value: count })) });
  const keeping = defineKeeping({ settings, db, log, metrics, jobs, blocks, peers, head: () => indexer.head()?.chain });
  // Whoever defines jobs has done so now. They stop last, so that what requests leave behind is still kept.
  await jobs.start();
  stack.defer(() => jobs.stop());
  await accounts.start();
  stack.defer(() => accounts.stop());
  let stopping = false;
  const readiness = (): Promise<Readiness> => readReadiness({ db, indexer, publicClient, jobs, home: settings.home, blocksProblem: keeping.problem, rolesReady: () => rolesReady, stopping: () => stopping });
  addGatewayReadings(metrics, { db, indexer, jobs, readiness });
  const api = createApi({
    db, accounts, notifications, jobs, blocks, peers, pins, config, changes, log, indexer, siteUrl,
    chain: { rpc: chain.rpc, publicClient },
    readiness,
    metrics: { ...metrics, ...(settings.metricsToken ? { token: settings.metricsToken } : {}) },
    host: settings.host,
    port: settings.port,
    tables: createHubTables({ folder: path.join(settings.home, 'viewer') }),
    allowedOrigins: settings.siteUrl ? [...settings.allowedOrigins, settings.siteUrl] : settings.allowedOrigins,
    trustedProxies: settings.trustedProxies,
    loopbackValidators: loopback,
    ...(settings.rates ? { rates: settings.rates } : {}),
    ...(demo ? {
      demo: {
        accounts: demo.people.map(({ name, role, account }) => ({ name, role, ...account })),
        fund: (address) => fund({ address, deployer: demo.deployer, deployment }),
      },
    } : {}),
    ...(meaning ? { rerank: meaning.rerank } : {}),
    ...(webFolder ? { webFolder } : {}),
  });
  await api.start();
  url = api.url;
  // Mails and webhooks hold links: they begin once it is known where they lead.
  await notifications.start();
  stack.defer(() => notifications.stop());
  stack.defer(() => {
    stopping = true;
    return api.stop();
  });
  return { url: api.url, config, markReady: () => { rolesReady = true; } };
}

/** A node that only this machine can ask reaches nothing there that its callers do not. */
function isForThisMachine({ host, siteUrl, trustedProxies }: Settings): boolean {
  return (host === 'localhost' || (isIP(host) !== 0 && isLoopbackAddress(host))) && siteUrl === undefined && trustedProxies.length === 0;
}

/** Blocks above an event before people are told of it, where the chain is not our own. */
const noticeDepth = 3;

type UserParts = { jobs: BackgroundJobs; changes: Changes; siteUrl: () => string; confirmSeconds: number; blocks: BlockStore };

async function openMeaning({ db, stack, telemetry: { log } }: GatewayParameters, folder: string): Promise<Meaning> {
  const embedder = await createEmbedder(folder);
  stack.defer(() => embedder.stop());
  return createMeaning({ db, embedder, log });
}

/** Mails go to the server that is set, else to the mailbox page where there is play money, else nowhere. */
async function openUsers({ settings, db, telemetry: { log, metrics }, demo, chain }: GatewayParameters, { jobs, changes, siteUrl, confirmSeconds, blocks }: UserParts): Promise<{ accounts: Accounts; notifications: Notifications }> {
  const now = (): number => Math.floor(Date.now() / 1_000);
  const keys = await createKeyRing({ store: keyRingFile(path.join(settings.home, 'access.keys.json')), now });
  const box = createSecretBox(await loadSecretKey(path.join(settings.home, 'users.key')));
  const transport = settings.smtpUrl ? smtpTransport({ url: settings.smtpUrl, from: settings.mailFrom }) : demo ? mailboxMailer(db, now) : undefined;
  const mailer = transport && createOutbox({ jobs, transport, box, now });
  const shared = { db, log, box, siteUrl, now, ...(mailer ? { mailer } : {}) };
  const notifications = createNotifications({ ...shared, changes, confirmations: demo ? 0 : noticeDepth, confirmSeconds, loopbackWebhooks: demo !== undefined && settings.loopbackWebhooks === true, readBlock: (digest) => blocks.get(parseCid(rawCidOfDigest(digest))) });
  const accounts = createAccounts({
    ...shared, keys, onSignIn: metrics.signIn, tell: (notice) => notifications.tell(notice), chain: { client: chain.clients.publicClient, chainId: settings.chainId }, hasher: createPasswordHasher(), ...(settings.leakedPasswords ? { leakedPasswords: settings.leakedPasswords } : {}), ...(settings.firstAdmin ? { firstAdmin: settings.firstAdmin } : {}),
  });
  return { accounts, notifications };
}

async function fund(parameters: { address: Hex; deployer: Sender; deployment: Deployment }): Promise<{ transaction: Hex; amount: bigint }> {
  const { address, deployer, deployment } = parameters;
  await deployer.pay({ to: address, value: gasAmount });
  const receipt = await deployer.send({ address: deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'transfer', args: [address, faucetAmount] });
  return { transaction: receipt.transactionHash, amount: faucetAmount };
}
