import path from 'node:path';
import type { ModelCheck, TableCheck } from '@neurodata/protocol';
import { accountOf, reportProgress } from '@neurodata/sdk';
import { gatewayBlocks } from '@neurodata/storage';
import { privateKeyToAccount } from 'viem/accounts';
import { addBlockReads, addRpcDoor } from '../api/index.ts';
import { accessFile } from '../accessFile.ts';
import { purposeFile } from '../purposeFile.ts';
import { canaryFiles } from '../canaryFiles.ts';
import { createChainClients, createSender, demoAccounts, startDevChain } from '../chain/index.ts';
import type { DevChain } from '../chain/index.ts';
import type { Log } from '../common/logger.ts';
import { nodeVersion } from '../common/version.ts';
import type { Role, RoleSettings, Settings } from '../config.ts';
import { openDatabase } from '../db/openDatabase.ts';
import { openOwnRows } from '../db/openOwnRows.ts';
import { openTableMemory } from '../db/openTableMemory.ts';
import { deployEconomy, economyAbis } from '../deployEconomy.ts';
import { createLane } from '../duty/createLane.ts';
import { runFiles } from '../duty/runFiles.ts';
import { freePort } from '../freePort.ts';
import { castSize, chooseCast } from '../network.ts';
import { startGateway } from '../startGateway.ts';
import { serveMetrics } from '../telemetry/metricsServer.ts';
import { openTelemetry } from '../telemetry/openTelemetry.ts';
import type { Telemetry } from '../telemetry/openTelemetry.ts';
import { createValidator } from '../validator/index.ts';
import type { ValidatorDeps } from '../validator/index.ts';
import { createWorker } from '../worker/index.ts';
import type { WorkerDeps } from '../worker/index.ts';
import { checkFunds } from './checkFunds.ts';
import { checkPort } from './checkPort.ts';
import { connectRole } from './connectRole.ts';
import type { RoleConnection } from './connectRole.ts';
import { createDoor } from './createDoor.ts';
import { findChain } from './findChain.ts';
import type { FoundChain } from './findChain.ts';
import { forwardRpc } from './forwardRpc.ts';
import { registryBlocks } from './registryBlocks.ts';
import { reportLater } from './reportLater.ts';
import { addStatusRoutes } from './roleStatus.ts';
import type { StatusSource } from './roleStatus.ts';
import { loadValidatorKeys } from './validatorKeys.ts';
import { watchDuties } from './watchDuties.ts';

/** What stands in for honest parts: how a test makes a node lie. */
export type StandIns = Pick<ValidatorDeps, 'check' | 'sealShare' | 'sealGrant'> & Pick<WorkerDeps, 'train'>;

export type StartRolesOptions = {
  standIns?: StandIns;
  onStep?: (name: string) => void;
  webFolder?: Promise<string>;
  onFailure?: (error: Error) => void;
};

export type RunningRoles = {
  /** Where each role answers. */
  urls: { role: Role; url: string }[];
  stop(): Promise<void>;
};

/** What the starts of roles in one process share. */
type Parts = {
  settings: Settings;
  role: RoleSettings;
  options: StartRolesOptions;
  log: Log;
  telemetry: Telemetry;
  stack: AsyncDisposableStack;
  chain: FoundChain;
  source: StatusSource;
};

/** Builds and starts some of the roles; the others are other processes, met on the chain and by HTTP only. */
export async function startRoles(parameters: { settings: Settings; role: RoleSettings; options?: StartRolesOptions }): Promise<RunningRoles> {
  const { settings, role, options = {} } = parameters;
  const duties = watchDuties();
  const telemetry = openTelemetry({ settings, version: nodeVersion, destination: duties.destination });
  const { log } = telemetry;
  const stack = new AsyncDisposableStack();
  stack.defer(() => telemetry.stop());
  const started = new Set<Role>();
  const urls: RunningRoles['urls'] = [];
  try {
    await serveMetrics({ settings, metrics: telemetry.metrics, stack });
    const ports = await choosePorts(settings, role.roles);
    const urlOf = (one: Role): string => `http://${settings.host}:${ports.get(one)}`;
    const embedded = role.roles.includes('chain') ? await startChain({ settings, log, stack, door: { port: ports.get('chain')! }, lastDuty: duties.last }) : undefined;
    const gateways = role.roles.includes('gateway') ? [urlOf('gateway'), ...role.gateways] : role.gateways;
    const chain = embedded ?? (await findChain({ ...role, gateways: role.gateways }));
    for (const one of role.roles) {
      const source: StatusSource = { roles: [one], publicClient: chain.clients.publicClient, lastDuty: duties.last, started: () => started.has(one) };
      const parts: Parts = { settings: { ...settings, port: ports.get(one)! }, role: one === 'gateway' ? role : { ...role, gateways }, options, log, telemetry, stack, chain, source };
      await starters[one](parts);
      started.add(one);
      urls.push({ role: one, url: urlOf(one) });
      options.onStep?.(one);
    }
    return { urls, stop: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

const starters: { [R in Role]: (parts: Parts) => Promise<void> } = {
  chain: () => Promise.resolve(),
  gateway: startGatewayRole,
  validator: startValidatorRole,
  worker: startWorkerRole,
};

/** One port each, counted from the one that was asked for; the chain's door comes last. */
async function choosePorts(settings: Settings, roles: Role[]): Promise<Map<Role, number>> {
  const ports = new Map<Role, number>();
  const ordered = roles.toSorted((a, b) => Number(a === 'chain') - Number(b === 'chain'));
  for (const [index, role] of ordered.entries()) {
    const port = settings.port === 0 ? await freePort() : settings.port + index;
    await checkPort(settings.host, port);
    ports.set(role, port);
  }
  return ports;
}

/** The embedded chain with contracts and play money, behind its own door. */
async function startChain(parameters: Pick<Parts, 'settings' | 'log' | 'stack'> & { door: { port: number }; lastDuty: StatusSource['lastDuty'] }): Promise<FoundChain> {
  const { settings, log, stack, door, lastDuty } = parameters;
  // Validators and workers of other processes have keys of their own.
  const people = { validators: 0, workers: 0 };
  const devChain: DevChain = await startDevChain({ folder: path.join(settings.home, 'chain'), chainId: settings.chainId, accounts: castSize(people), log: (line) => log.info(line) });
  stack.defer(() => devChain.stop());
  const clients = createChainClients({ chainId: settings.chainId, rpc: devChain.rpc });
  const cast = chooseCast(devChain.accounts, people);
  const deployer = createSender({ clients, account: privateKeyToAccount(cast.deployer.privateKey), abis: economyAbis });
  const deployment = await deployEconomy({ settings, clients, cast, deployer, log });
  await devChain.settle();
  const { host, allowedOrigins } = settings;
  const server = createDoor({
    host, port: door.port, allowedOrigins,
    routes: (app) => {
      addRpcDoor(app, devChain.rpc);
      addStatusRoutes(app, { roles: ['chain'], publicClient: clients.publicClient, lastDuty, started: () => true });
    },
  });
  await server.start();
  stack.defer(() => server.stop());
  return { rpcUrl: `http://${host}:${door.port}/rpc`, clients, deployment };
}

async function startGatewayRole({ settings, role, options, log, telemetry, stack, chain }: Parts): Promise<void> {
  const { deployment, clients, rpcUrl } = chain;
  const db = await openDatabase({ log, ...(options.onFailure ? { onDeath: options.onFailure } : {}), ...(settings.databaseUrl ? { url: settings.databaseUrl } : { folder: path.join(settings.home, 'database') }) });
  stack.defer(() => db.close());
  const peers = [
    ...role.gateways.map((url) => gatewayBlocks({ url, onlyIfCached: true, deadlineMs: 5_000 })),
    registryBlocks({ publicClient: clients.publicClient, validators: deployment.addresses.validators }),
  ];
  const cast = role.demo ? chooseCast(demoAccounts(castSize({ validators: 0, workers: 0 })), { validators: 0, workers: 0 }) : undefined;
  const gateway = await startGateway({
    settings: { ...settings, chainId: deployment.chainId }, telemetry, chain: { rpc: forwardRpc(rpcUrl), clients }, deployment, db, stack, peers,
    ...(cast ? { demo: { people: cast.people, deployer: createSender({ clients, account: privateKeyToAccount(cast.deployer.privateKey), abis: economyAbis }) } } : {}),
    ...(options.webFolder ? { webFolder: options.webFolder } : {}),
  });
  gateway.markReady();
}

/** How a validator or worker is reached from outside, and connected to the rest. */
async function connect(parts: Parts, kind: 'validator' | 'worker'): Promise<RoleConnection & { endpoint: string }> {
  const { settings, role, chain } = parts;
  const endpoint = role.endpoint ?? `http://${settings.host}:${settings.port}`;
  const connection = await connectRole({ home: settings.home, role, chain, endpoint });
  await checkFunds(connection.client, kind);
  parts.source.account = accountOf(connection.client).address;
  return { ...connection, endpoint };
}

async function startValidatorRole(parts: Parts): Promise<void> {
  const { settings, log, stack, source, chain } = parts;
  const { train: _, ...standIns } = parts.options.standIns ?? {};
  const { client, gateways, blockGateway, endpoint } = await connect(parts, 'validator');
  const rows = openOwnRows(path.join(settings.home, 'validator.sqlite'));
  stack.defer(() => rows.close());
  const ending = new AbortController();
  stack.defer(() => ending.abort());
  const reporting = { gateways, log, signal: ending.signal };
  const tell = reportLater<ModelCheck>({ ...reporting, send: (gateway, check) => gateway.reportModelCheck(check) });
  const tellTable = reportLater<TableCheck>({ ...reporting, send: (gateway, check) => gateway.reportTableCheck(check) });
  const memory = openTableMemory(path.join(settings.home, 'validator.tables.sqlite'));
  stack.defer(() => memory.close());
  const models = {
    lane: createLane(),
    store: { find: rows.modelChecks.find, save: async (check: ModelCheck) => { await rows.modelChecks.save(check); tell(check); } },
  };
  const keys = await loadValidatorKeys({ home: settings.home, account: accountOf(client), deployment: chain.deployment, publicClient: client.publicClient });
  const validator = createValidator({
    client, ...keys, ...standIns, duties: rows.duties, models, tables: { memory, tell: async (check) => tellTable(check) }, endpoint,
    accesses: await accessFile(path.join(settings.home, 'validator.access.jsonl')), purposes: await purposeFile(path.join(settings.home, 'validator.purposes.jsonl')), files: runFiles({ home: settings.home }),
    host: settings.host, port: settings.port, challenges: settings.challenges, threads: settings.threads, log,
    routes: (app) => {
      addStatusRoutes(app, source);
      addBlockReads(app, { gatewayOf: () => blockGateway });
    },
  });
  stack.defer(() => validator.stop());
  await validator.start();
}

async function startWorkerRole(parts: Parts): Promise<void> {
  const { settings, log, stack, source } = parts;
  const { train } = parts.options.standIns ?? {};
  const { client, gateways, endpoint } = await connect(parts, 'worker');
  const door = createDoor({ host: settings.host, port: settings.port, allowedOrigins: settings.allowedOrigins, routes: (app) => addStatusRoutes(app, source) });
  await door.start();
  stack.defer(() => door.stop());
  const worker = createWorker({
    client, endpoint, offer: settings.offer, threads: settings.threads, log,
    progress: { write: (jobId, progress) => reportProgress({ client, gateways, jobId, progress }) },
    canaries: { rate: settings.canaries, store: canaryFiles(path.join(settings.home, 'canaries')) },
    files: runFiles({ home: settings.home }),
    ...(train ? { train } : {}),
  });
  stack.defer(() => worker.stop());
  await worker.start();
}
