import path from 'node:path';
import type { Config } from '@neurodata/protocol';
import { createClient } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { createChainClients, createSender, startDevChain } from './chain/index.ts';
import type { DevChain } from './chain/index.ts';
import type { ErrorReport } from './common/errorReports.ts';
import type { Log } from './common/logger.ts';
import type { Service } from './common/service.ts';
import { nodeVersion } from './common/version.ts';
import { accessFile } from './accessFile.ts';
import { purposeFile } from './purposeFile.ts';
import { canaryFiles } from './canaryFiles.ts';
import type { Settings } from './config.ts';
import { dutyRows } from './db/duties.ts';
import { findModelCheck, saveModelCheck } from './db/modelChecks.ts';
import { openDatabase } from './db/openDatabase.ts';
import type { Database } from './db/openDatabase.ts';
import { openTableMemory } from './db/openTableMemory.ts';
import { saveTableCheck } from './db/tableChecks.ts';
import { writeProgress } from './db/progress.ts';
import { deployEconomy, economyAbis } from './deployEconomy.ts';
import { createLane } from './duty/createLane.ts';
import { runFiles } from './duty/runFiles.ts';
import { freePort } from './freePort.ts';
import { loadIdentity } from './identityFile.ts';
import { castSize, chooseCast } from './network.ts';
import type { Cast } from './network.ts';
import { seedDatasets } from './seed/index.ts';
import { startGateway } from './startGateway.ts';
import { openTelemetry } from './telemetry/openTelemetry.ts';
import { serveMetrics } from './telemetry/metricsServer.ts';
import { createValidator } from './validator/index.ts';
import type { ValidatorDeps } from './validator/index.ts';
import { createWorker } from './worker/index.ts';
import type { WorkerDeps } from './worker/index.ts';

export type StartStep = { name: string; state: 'begun' | 'done'; detail?: string };

export type StartOptions = {
  onStep?: (step: StartStep) => void;
  /** Folder of the built web app; none is served where absent. */
  webFolder?: Promise<string>;
  /** Stands in for the engine in the workers: how a test makes one of them lie. */
  train?: WorkerDeps['train'];
  /** How validator `index` (from 0) comes to its verdicts: how a test makes one of them lie. */
  check?: (index: number) => ValidatorDeps['check'];
  /** Told of errors, redacted and a few a minute. */
  onError?: (report: ErrorReport) => void;
  /** Called when a part ended that nothing can go on without; the node should be stopped then. */
  onFailure?: (error: Error) => void;
};

export type RunningNode = {
  url: string;
  config: Config;
  chain: DevChain;
  cast: Cast;
  validators: Service[];
  workers: Service[];
  stop(): Promise<void>;
};

/** Builds and starts a whole node on one machine: chain, contracts, database, storage, API, workers, validators. */
export async function startNode(settings: Settings, options: StartOptions = {}): Promise<RunningNode> {
  const telemetry = openTelemetry({ settings, version: nodeVersion, ...(options.onError ? { onError: options.onError } : {}) });
  const { log } = telemetry;
  const stack = new AsyncDisposableStack();
  stack.defer(() => telemetry.stop());
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    options.onStep?.({ name, state: 'begun' });
    const started = performance.now();
    const result = await work();
    options.onStep?.({ name, state: 'done', detail: `${((performance.now() - started) / 1000).toFixed(1)} s` });
    return result;
  };
  try {
    await serveMetrics({ settings, metrics: telemetry.metrics, stack });
    const dbPromise = openDatabase({ log, ...(options.onFailure ? { onDeath: options.onFailure } : {}), ...(settings.databaseUrl ? { url: settings.databaseUrl } : { folder: path.join(settings.home, 'database') }) });
    // Opens while the chain starts, and is closed wherever the start ends.
    stack.defer(async () => (await dbPromise.catch(() => undefined))?.close());
    const chain = await step('chain', () => startDevChain({ folder: path.join(settings.home, 'chain'), chainId: settings.chainId, accounts: castSize(settings), log: (line) => log.info(line) }));
    stack.defer(() => chain.stop());
    const clients = createChainClients({ chainId: settings.chainId, rpc: chain.rpc });
    const cast = chooseCast(chain.accounts, settings);
    const deployer = createSender({ clients, account: privateKeyToAccount(cast.deployer.privateKey), abis: economyAbis });
    const deployment = await step('contracts', () => deployEconomy({ settings, clients, cast, deployer, log }));
    await chain.settle();
    const db = await step('database', () => dbPromise);
    const gateway = await step('indexer and API', () => startGateway({
      settings, telemetry, chain: { rpc: chain.rpc, clients }, deployment, db, stack, demo: { people: cast.people, deployer }, ...(options.webFolder ? { webFolder: options.webFolder } : {}),
    }));
    const { validators, workers } = await step(`${settings.validators} validators, ${settings.workers} workers`, () => startRoles({ settings, options, log, cast, db, url: gateway.url, stack }));
    if (settings.seed) await step('datasets', async () => seedDatasets({ client: await connect(gateway.url, cast.people[0]!.account.privateKey), log }));
    gateway.markReady();
    return { url: gateway.url, config: gateway.config, chain, cast, validators, workers, stop: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

type Parts = { settings: Settings; options: StartOptions; log: Log; cast: Cast; db: Database; stack: AsyncDisposableStack };

function connect(url: string, privateKey: Hex): Promise<NeuroClient> {
  return createClient({ url, account: privateKeyToAccount(privateKey), readOwnWrites: false });
}

async function startRoles(parameters: Parts & { url: string }): Promise<{ validators: Service[]; workers: Service[] }> {
  const { settings, options, log, cast, db, url, stack } = parameters;
  const models: ValidatorDeps['models'] = { lane: createLane(), store: { save: (check) => saveModelCheck(db, check), find: (key) => findModelCheck(db, key) } };
  const validators = await Promise.all(cast.validators.map(async (account, index) => {
    const port = await freePort(settings.port === 0 ? undefined : settings.port + 1 + index);
    const check = options.check?.(index);
    const memory = openTableMemory(path.join(settings.home, 'validators', `${index + 1}.tables.sqlite`));
    stack.defer(() => memory.close());
    return createValidator({
      client: await connect(url, account.privateKey),
      identity: await loadIdentity(path.join(settings.home, 'validators', `${index + 1}.identity`)),
      duties: dutyRows(db), models,
      tables: { memory, tell: async (found) => void (await saveTableCheck(db, found)) },
      accesses: await accessFile(path.join(settings.home, 'validators', `${index + 1}.access.jsonl`)),
      purposes: await purposeFile(path.join(settings.home, 'validators', `${index + 1}.purposes.jsonl`)),
      host: '127.0.0.1', port, endpoint: `http://127.0.0.1:${port}`, challenges: settings.challenges, threads: settings.threads, log,
      ...(check ? { check } : {}),
    });
  }));
  // The gateway's folder too.
  const files = runFiles({ home: settings.home, shared: true });
  const workers = await Promise.all(cast.workers.map(async (account, index) => createWorker({
    client: await connect(url, account.privateKey),
    progress: { write: (jobId, progress) => writeProgress(db, jobId, progress) },
    endpoint: `${url}#worker-${index + 1}`, offer: settings.offer, threads: settings.threads, log,
    // Kept where none are made any more too: those that are out can still be owned up to.
    canaries: { rate: settings.canaries, store: canaryFiles(path.join(settings.home, 'canaries')) },
    files,
    ...(options.train ? { train: options.train } : {}),
  })));
  for (const role of [...validators, ...workers]) stack.defer(() => role.stop());
  await Promise.all(validators.map((role) => role.start()));
  // One after the other: people know workers by the order in which they registered.
  for (const worker of workers) await worker.start();
  return { validators, workers };
}
