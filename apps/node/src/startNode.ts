import { createServer } from 'node:net';
import path from 'node:path';
import { engineId } from '@neurodata/engine';
import { assetRegistryAbi, curationAbi, marketAbi, neuroCoinAbi, orderDisputesAbi, stakingAbi, trainingAbi, validatorsAbi } from '@neurodata/protocol';
import type { Config, Deployment, Readiness } from '@neurodata/protocol';
import { createClient } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { rawCidOfDigest, createStorage } from '@neurodata/storage';
import { diskBlocks } from '@neurodata/storage/node';
import { parseUnits } from 'viem';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { createApi } from './api/index.ts';
import { chooseDeployParams, createChainClients, createSender, demoVoting, deployContracts, startDevChain } from './chain/index.ts';
import type { ChainClients, DevChain, Sender } from './chain/index.ts';
import { createChanges } from './common/changes.ts';
import { createLogger } from './common/logger.ts';
import type { Log } from './common/logger.ts';
import type { Service } from './common/service.ts';
import { canaryFiles } from './canaryFiles.ts';
import type { Settings } from './config.ts';
import { findDuty, saveDuty } from './db/duties.ts';
import { findModelCheck, saveModelCheck } from './db/modelChecks.ts';
import { openDatabase } from './db/openDatabase.ts';
import type { Database } from './db/openDatabase.ts';
import { writeProgress } from './db/progress.ts';
import { createLane } from './duty/createLane.ts';
import { loadIdentity } from './identityFile.ts';
import { createIndexer } from './indexer/createIndexer.ts';
import type { Indexer } from './indexer/createIndexer.ts';
import { castSize, chooseCast, fundCast } from './network.ts';
import type { Cast } from './network.ts';
import { seedDatasets } from './seed/index.ts';
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

const abis = [neuroCoinAbi, stakingAbi, validatorsAbi, assetRegistryAbi, marketAbi, orderDisputesAbi, trainingAbi];
const faucetAmount = parseUnits('1000', 18);
const gasAmount = parseUnits('10', 18);

/** Builds and starts a whole node on one machine: chain, contracts, database, storage, API, workers, validators. */
export async function startNode(settings: Settings, options: StartOptions = {}): Promise<RunningNode> {
  const log = createLogger({ level: settings.logLevel });
  const stack = new AsyncDisposableStack();
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    options.onStep?.({ name, state: 'begun' });
    const started = performance.now();
    const result = await work();
    options.onStep?.({ name, state: 'done', detail: `${((performance.now() - started) / 1000).toFixed(1)} s` });
    return result;
  };
  try {
    const dbPromise = openDatabase({ log, ...(options.onFailure ? { onDeath: options.onFailure } : {}), ...(settings.databaseUrl ? { url: settings.databaseUrl } : { folder: path.join(settings.home, 'database') }) });
    // Opens while the chain starts, and is closed wherever the start ends.
    stack.defer(async () => (await dbPromise.catch(() => undefined))?.close());
    const chain = await step('chain', () => startDevChain({ folder: path.join(settings.home, 'chain'), chainId: settings.chainId, accounts: castSize(settings), log: (line) => log.info(line) }));
    stack.defer(() => chain.stop());
    const clients = createChainClients({ chainId: settings.chainId, rpc: chain.rpc });
    const cast = chooseCast(chain.accounts, settings);
    const deployer = createSender({ clients, account: privateKeyToAccount(cast.deployer.privateKey), abis });
    const deployment = await step('contracts', () => deployEconomy({ settings, clients, cast, deployer, log }));
    const db = await step('database', () => dbPromise);
    const gateway = await step('indexer and API', () => startGateway({ settings, options, log, chain, clients, cast, deployer, deployment, db, stack }));
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

async function deployEconomy(parameters: { settings: Settings; clients: ChainClients; cast: Cast; deployer: Sender; log: Log }): Promise<Deployment> {
  const { settings, clients, cast, deployer, log } = parameters;
  const account = privateKeyToAccount(cast.deployer.privateKey);
  // Handed over here too, so that votes decide on the embedded chain as on any other.
  const usual = chooseDeployParams({ treasury: account.address, owner: account.address, windows: settings.windows, voting: demoVoting });
  const curators = cast.people.filter(({ name }) => name === 'curator').map((person) => person.account.address);
  const params = { ...usual, handOver: true, curation: { ...usual.curation, curators } };
  const deployment = await deployContracts({ clients, account, params, folder: settings.home, log: (line) => log.info(line) });
  await fundCast({ cast, addresses: deployment.addresses, publicClient: clients.publicClient, send: (call) => deployer.send(call) });
  return deployment;
}

type Gateway = { url: string; config: Config; markReady(): void };

/** Storage, indexer and API: what serves readers, and what roles talk to. */
async function startGateway(parameters: Parts & { chain: DevChain; clients: ChainClients; deployer: Sender; deployment: Deployment }): Promise<Gateway> {
  const { settings, options, log, chain, clients, cast, deployer, deployment, db, stack } = parameters;
  const blocks = diskBlocks({ folder: path.join(settings.home, 'blocks') });
  const storage = createStorage(blocks);
  const changes = createChanges();
  const config = await readConfig({ settings, clients, deployment });
  const indexer = createIndexer({ db, publicClient: clients.publicClient, deployment, log, readDocument: (digest) => storage.readRaw(rawCidOfDigest(digest)), onChange: changes.publish });
  await indexer.start();
  stack.defer(() => indexer.stop());
  let rolesReady = false;
  const webFolder = await options.webFolder;
  const api = createApi({
    db, blocks, config, changes, log, indexer,
    chain: { rpc: chain.rpc, publicClient: clients.publicClient },
    readiness: () => readinessOf({ indexer, rolesReady }),
    demo: {
      accounts: cast.people.map(({ name, role, account }) => ({ name, role, ...account })),
      fund: (address) => fund({ address, deployer, deployment }),
    },
    host: settings.host,
    port: settings.port,
    allowedOrigins: settings.allowedOrigins,
    ...(webFolder ? { webFolder } : {}),
  });
  await api.start();
  stack.defer(() => api.stop());
  return { url: api.url, config, markReady: () => { rolesReady = true; } };
}

/** Rows are never quite at the head while blocks come; this far behind, answers would be old. */
const allowedLag = 20;

function readinessOf(parameters: { indexer: Indexer; rolesReady: boolean }): Readiness {
  const { indexer, rolesReady } = parameters;
  const head = indexer.head();
  const lag = head === undefined ? Infinity : head.chain - head.indexed;
  const parts = {
    indexer: lag <= allowedLag ? { ready: true } : { ready: false, reason: head === undefined ? 'the chain has not been read yet' : `the rows are ${lag} blocks behind the chain` },
    roles: rolesReady ? { ready: true } : { ready: false, reason: 'validators and workers are starting' },
  };
  return { ready: Object.values(parts).every(({ ready }) => ready), parts };
}

async function fund(parameters: { address: Hex; deployer: Sender; deployment: Deployment }): Promise<{ transaction: Hex; amount: bigint }> {
  const { address, deployer, deployment } = parameters;
  await deployer.pay({ to: address, value: gasAmount });
  const receipt = await deployer.send({ address: deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'transfer', args: [address, faucetAmount] });
  return { transaction: receipt.transactionHash, amount: faucetAmount };
}

async function readConfig(parameters: { settings: Settings; clients: ChainClients; deployment: Deployment }): Promise<Config> {
  const { settings, clients, deployment } = parameters;
  const { addresses } = deployment;
  const [market, orderDisputes, training, roundFee, curation] = await Promise.all([
    clients.publicClient.readContract({ address: addresses.market, abi: marketAbi, functionName: 'params' }),
    clients.publicClient.readContract({ address: addresses.orderDisputes, abi: orderDisputesAbi, functionName: 'params' }),
    clients.publicClient.readContract({ address: addresses.training, abi: trainingAbi, functionName: 'params' }),
    clients.publicClient.readContract({ address: addresses.validators, abi: validatorsAbi, functionName: 'roundFee' }),
    clients.publicClient.readContract({ address: addresses.curation, abi: curationAbi, functionName: 'params' }),
  ]);
  return {
    version: '0.1.0', deployment: { ...deployment, chainId: settings.chainId }, rpcUrl: '/rpc', demo: true, engineId, feeBps: market.feeBps, roundFee, listingBond: curation.bond,
    windows: { grant: market.grantWindow, confirm: market.confirmWindow, dispute: orderDisputes.verdictWindow, jobOpen: training.openWindow, jobRun: training.runWindow },
  };
}

function connect(url: string, privateKey: Hex): Promise<NeuroClient> {
  return createClient({ url, account: privateKeyToAccount(privateKey), readOwnWrites: false });
}

async function startRoles(parameters: Parts & { url: string }): Promise<{ validators: Service[]; workers: Service[] }> {
  const { settings, options, log, cast, db, url, stack } = parameters;
  const models: ValidatorDeps['models'] = { lane: createLane(), store: { save: (check) => saveModelCheck(db, check), find: (key) => findModelCheck(db, key) } };
  const validators = await Promise.all(cast.validators.map(async (account, index) => {
    const port = settings.port === 0 ? await freePort() : settings.port + 1 + index;
    const check = options.check?.(index);
    return createValidator({
      client: await connect(url, account.privateKey),
      identity: await loadIdentity(path.join(settings.home, 'validators', `${index + 1}.identity`)),
      duties: { save: (duty) => saveDuty(db, duty), find: (key) => findDuty(db, key) }, models,
      host: '127.0.0.1', port, endpoint: `http://127.0.0.1:${port}`, challenges: settings.challenges, threads: settings.threads, log,
      ...(check ? { check } : {}),
    });
  }));
  const workers = await Promise.all(cast.workers.map(async (account, index) => createWorker({
    client: await connect(url, account.privateKey),
    progress: { write: (jobId, progress) => writeProgress(db, jobId, progress) },
    endpoint: `${url}#worker-${index + 1}`, threads: settings.threads, log,
    // Kept where none are made any more too: those that are out can still be owned up to.
    canaries: { rate: settings.canaries, store: canaryFiles(path.join(settings.home, 'canaries')) },
    ...(options.train ? { train: options.train } : {}),
  })));
  for (const role of [...validators, ...workers]) stack.defer(() => role.stop());
  await Promise.all([...validators, ...workers].map((role) => role.start()));
  return { validators, workers };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}
