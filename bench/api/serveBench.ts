/** The process that `startBenchServer` starts: the API over an embedded database of its own, and a bare server with one of its answers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { memoryBlocks } from '@neurodata/storage';
import { createPublicClient, custom } from 'viem';
import { createAccounts, createKeyRing, createPasswordHasher, createSecretBox } from '../../apps/node/src/accounts/index.ts';
import { createApi } from '../../apps/node/src/api/index.ts';
import { createChanges } from '../../apps/node/src/common/changes.ts';
import { createLogger } from '../../apps/node/src/common/logger.ts';
import { openDatabase } from '../../apps/node/src/db/openDatabase.ts';
import { createNotifications } from '../../apps/node/src/notifications/index.ts';
import { createBackgroundJobs } from '../../apps/node/src/jobs/index.ts';
import { benchConfig, fillAssets } from './fillAssets.ts';

const assets = Number(process.argv[2]);
const log = createLogger({ level: 'error' });
const db = await openDatabase({ log });
await fillAssets(db, assets);
const client = createPublicClient({ transport: custom({ request: () => Promise.reject(new Error('there is no chain here')) }) });
const box = createSecretBox(new Uint8Array(32));
const changes = createChanges();
const notifications = createNotifications({ db, log, box, changes, siteUrl: () => 'http://localhost', confirmations: 0, confirmSeconds: 86_400, loopbackWebhooks: false });
const accounts = createAccounts({
  db, log, siteUrl: () => 'http://localhost', chain: { client, chainId: benchConfig.deployment.chainId }, box, hasher: createPasswordHasher(),
  keys: await createKeyRing({ store: { read: async () => [], write: async () => undefined }, now: () => Math.floor(Date.now() / 1_000) }),
});
const api = createApi({
  db, accounts, notifications, log, jobs: createBackgroundJobs({ db, log }), chain: { publicClient: client, rpc: () => Promise.reject(new Error('there is no chain here')) }, indexer: { head: () => undefined }, blocks: memoryBlocks(), config: benchConfig,
  readiness: () => ({ ready: true, parts: {} }), port: 0, changes,
});
await api.start();
const assetPath = `/api/v1/assets/${Math.ceil(assets / 2)}`;
const body = Buffer.from(await (await fetch(`${api.url}${assetPath}`)).arrayBuffer());
const bare = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length });
  response.end(body);
});
bare.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ api: api.url, bare: `http://127.0.0.1:${(bare.address() as AddressInfo).port}`, assetPath })}\n`);
});
process.once('SIGTERM', () => {
  void (async () => {
    bare.closeAllConnections();
    bare.close();
    await api.stop();
    await db.close();
    process.exit(0);
  })();
});
