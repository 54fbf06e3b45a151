import { rm } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import type { Deployment } from '@neurodata/protocol';
import type { PublicClient } from 'viem';
import { createChainClients, readDeploymentRecord, startDevChain } from '../chain/index.ts';
import { createLogger } from '../common/logger.ts';
import { readRoleSettings } from '../config.ts';
import type { Settings } from '../config.ts';
import { openDatabase } from '../db/openDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { rebuildIndex } from '../indexer/rebuildIndex.ts';
import type { Rebuilt, RebuildParameters } from '../indexer/rebuildIndex.ts';
import { castSize } from '../network.ts';
import { findChain } from '../processes/findChain.ts';
import { openMaintained } from './openMaintained.ts';
import type { Environment } from './openMaintained.ts';

/** Of the server: beside the live tables. */
const schema = 'index_rebuild';

/** What `neurodata index rebuild` does: the index anew from block 0, beside the live one of the node that the environment names. */
export async function rebuildNodeIndex(parameters: { environment?: Environment; swap: boolean; onProgress?: RebuildParameters['onProgress'] }): Promise<Rebuilt & { database: string }> {
  const { environment, swap, onProgress } = parameters;
  await using stack = new AsyncDisposableStack();
  const live = await openMaintained({ environment, migrating: () => true });
  stack.defer(live.close);
  const second = await openSecond(live.settings, live.db, stack);
  const { publicClient, deployment } = await openChain(live.settings, environment, stack);
  const rebuilt = await rebuildIndex({ live: live.db, second, publicClient, deployment, swap, ...(onProgress ? { onProgress } : {}) });
  return { ...rebuilt, database: live.name };
}

/** An empty database that is gone afterwards: a schema beside the live one's, or a folder beside the live one. */
async function openSecond({ databaseUrl, home }: Settings, live: Database, stack: AsyncDisposableStack): Promise<Database> {
  const log = createLogger({ level: 'silent' });
  if (databaseUrl === undefined) {
    const folder = path.join(home, 'database-rebuild');
    await rm(folder, { recursive: true, force: true });
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const second = await openDatabase({ folder, log });
    stack.defer(second.close);
    return second;
  }
  await live.pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  stack.defer(async () => void (await live.pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)));
  const second = await openDatabase({ url: databaseUrl, schema, log });
  stack.defer(second.close);
  return second;
}

/** The chain that the node follows: by its role's settings, else the embedded one, started for as long as this takes. */
export async function openChain(settings: Settings, environment: Environment | undefined, stack: AsyncDisposableStack): Promise<{ publicClient: PublicClient; deployment: Deployment }> {
  const role = readRoleSettings(environment);
  if (role && !role.roles.includes('chain')) {
    const { clients, deployment } = await findChain(role);
    return { publicClient: clients.publicClient, deployment };
  }
  const file = path.join(settings.home, 'deployment.json');
  const record = await readDeploymentRecord(file);
  if (record?.state !== 'deployed') throw new NeuroError(`${file} names no contracts.`, { code: 'NOT_FOUND', remedy: 'Start the node once, or name another state folder with NEURODATA_HOME.' });
  const people = role ? { validators: 0, workers: 0 } : settings;
  const chain = await startDevChain({ folder: path.join(settings.home, 'chain'), chainId: settings.chainId, accounts: castSize(people), log: () => undefined });
  stack.defer(() => chain.stop());
  const { publicClient } = createChainClients({ chainId: settings.chainId, rpc: chain.rpc });
  return { publicClient, deployment: { chainId: record.chainId, block: record.block, addresses: record.addresses } };
}
