/** For tests: a real chain with the real contracts, real blocks and a real database, behind a door just wide enough for the SDK. */
import { engineId } from '@neurodata/engine';
import { assetRegistryAbi, curationAbi, marketAbi, neuroCoinAbi, orderDisputesAbi, stakingAbi, trainingAbi, validatorsAbi } from '@neurodata/protocol';
import type { Deployment } from '@neurodata/protocol';
import { createClient } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { createIdentity } from '@neurodata/sealing';
import type { Identity } from '@neurodata/sealing';
import { memoryBlocks, parseCid } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { createGateway } from '@neurodata/storage/node';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { answerRpcBody, chooseDeployParams, createChainClients, createSender, deployContracts, startDevChain } from '../src/chain/index.ts';
import type { ChainClients, DeployParams, DevChain } from '../src/chain/index.ts';
import { accessFile } from '../src/accessFile.ts';
import { purposeFile } from '../src/purposeFile.ts';
import { createLogger } from '../src/common/logger.ts';
import type { Log } from '../src/common/logger.ts';
import type { Service } from '../src/common/service.ts';
import { dutyRows } from '../src/db/duties.ts';
import { findModelCheck, saveModelCheck } from '../src/db/modelChecks.ts';
import { openDatabase } from '../src/db/openDatabase.ts';
import type { Database } from '../src/db/openDatabase.ts';
import { openTableMemory } from '../src/db/openTableMemory.ts';
import { saveTableCheck } from '../src/db/tableChecks.ts';
import { createLane } from '../src/duty/createLane.ts';
import { castSize, chooseCast, fundCast } from '../src/network.ts';
import type { Cast } from '../src/network.ts';
import { createValidator } from '../src/validator/createValidator.ts';
import type { CheckRound } from '../src/validator/checkRound.ts';
import type { ValidatorDeps } from '../src/validator/createValidator.ts';
import type { CustodyRules } from '../src/validator/createCustodyWatch.ts';

const usualSize = { validators: 3, workers: 2 };
const windows = { grant: 120, grantMargin: 10, confirm: 600, dispute: 600, escalate: 600, commit: 90, reveal: 60, jobClaim: 20, jobOpen: 90, jobRun: 120, jobHeartbeat: 30, jobCancel: 20, jobChallenge: 3, move: 20 };

export type SmallStack = {
  url: string;
  folder: string;
  chain: DevChain;
  cast: Cast;
  db: Database;
  blocks: BlockStore;
  log: Log;
  identities: Identity[];
  /** Of each validator, the keys that it had before. */
  retired: Identity[][];
  endpoints: string[];
  /** A client that acts with this key. */
  connect(privateKey: Hex): Promise<NeuroClient>;
  /** Makes validator `index` (from 0), not started; with stand-ins where it shall lie. */
  validator(index: number, lies?: Pick<ValidatorDeps, 'sealGrant'>): Promise<Service>;
  stop(): Promise<void>;
};

/**
 * `change` makes other deployment parameters of the usual ones; `validators` is how many there can be, 3 by default; `check`
 * gives validator `index` (from 0) other verdicts than it would come to.
 */
export async function startSmallStack(parameters: { change?: (params: DeployParams, cast: Cast) => DeployParams; validators?: number; custody?: CustodyRules; check?: (index: number) => CheckRound | undefined } = {}): Promise<SmallStack> {
  const size = { ...usualSize, validators: parameters.validators ?? usualSize.validators };
  const folder = await mkdtemp(path.join(tmpdir(), 'roles-'));
  const log = createLogger({ level: process.env['NEURODATA_LOG'] ?? 'silent' });
  const stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const chain = await startDevChain({ folder: path.join(folder, 'chain'), log: () => undefined, accounts: castSize(size), blockIdleSeconds: 2 });
  stack.defer(() => chain.stop());
  const clients = createChainClients({ chainId: chain.chainId, rpc: chain.rpc });
  const cast = chooseCast(chain.accounts, size);
  const deployment = await deploy({ clients, cast, folder, change: parameters.change ?? ((params) => params) });
  const blocks = memoryBlocks();
  const server = createServer();
  const url = await listen(server);
  stack.defer(() => new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  }));
  const config = await readConfig(clients, deployment);
  server.on('request', (request, response) => {
    serve({ request, response, chain, blocks, config }).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  const db = await openDatabase({ log, folder: path.join(folder, 'database') });
  stack.defer(() => db.close());
  const memories = cast.validators.map((_, index) => openTableMemory(path.join(folder, `${index + 1}.tables.sqlite`)));
  stack.defer(() => memories.forEach((memory) => memory.close()));
  const identities = cast.validators.map(() => createIdentity());
  const retired = cast.validators.map((): Identity[] => []);
  const endpoints = await Promise.all(cast.validators.map(async () => {
    const probe = createServer();
    const endpoint = await listen(probe);
    await new Promise((resolve) => probe.close(resolve));
    return endpoint;
  }));
  const connect: SmallStack['connect'] = (privateKey) => createClient({ url, account: privateKeyToAccount(privateKey) });
  return {
    url, folder, chain, cast, db, blocks, log, identities, retired, endpoints, connect,
    validator: async (index, lies = {}) => createValidator({
      ...((check) => (check ? { check } : {}))(parameters.check?.(index)),
      ...lies,
      client: await connect(cast.validators[index]!.privateKey), identity: identities[index]!, retired: retired[index]!, log,
      ...(parameters.custody ? { custody: parameters.custody } : {}),
      accesses: await accessFile(path.join(folder, `${index + 1}.access.jsonl`)),
      purposes: await purposeFile(path.join(folder, `${index + 1}.purposes.jsonl`)),
      duties: dutyRows(db),
      tables: { memory: memories[index]!, tell: async (check) => void (await saveTableCheck(db, check)) },
      models: { lane: createLane(), store: { save: (check) => saveModelCheck(db, check), find: (key) => findModelCheck(db, key) } },
      host: '127.0.0.1', port: Number(new URL(endpoints[index]!).port), endpoint: endpoints[index]!,
    }),
    stop: () => stack.disposeAsync(),
  };
}

async function deploy(parameters: { clients: ChainClients; cast: Cast; folder: string; change: (params: DeployParams, cast: Cast) => DeployParams }): Promise<Deployment> {
  const { clients, cast, folder, change } = parameters;
  const account = privateKeyToAccount(cast.deployer.privateKey);
  const deployment = await deployContracts({ clients, account, params: change(chooseDeployParams({ treasury: account.address, owner: account.address, windows }), cast), folder, log: () => undefined });
  const sender = createSender({ clients, account, abis: [neuroCoinAbi, stakingAbi, validatorsAbi, assetRegistryAbi, marketAbi, orderDisputesAbi, trainingAbi] });
  await fundCast({ cast, addresses: deployment.addresses, publicClient: clients.publicClient, send: (call) => sender.send(call) });
  return deployment;
}

async function readConfig(clients: ChainClients, deployment: Deployment): Promise<object> {
  const roundFee = await clients.publicClient.readContract({ address: deployment.addresses.validators, abi: validatorsAbi, functionName: 'roundFee' });
  const { bond } = await clients.publicClient.readContract({ address: deployment.addresses.curation, abi: curationAbi, functionName: 'params' });
  const { grant, confirm, dispute, jobOpen, jobRun } = windows;
  return { version: 'test', deployment, rpcUrl: '/rpc', demo: true, engineId, feeBps: 25, roundFee: roundFee.toString(), listingBond: bond.toString(), windows: { grant, confirm, dispute, jobOpen, jobRun } };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serve(parameters: { request: IncomingMessage; response: ServerResponse; chain: DevChain; blocks: BlockStore; config: object }): Promise<void> {
  const { request, response, chain, blocks, config } = parameters;
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const sendJson = (value: unknown): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  if (pathname === '/api/v1/config') return sendJson(config);
  if (pathname === '/rpc') return sendJson(await answerRpcBody({ rpc: chain.rpc, body: JSON.parse((await buffer(request)).toString()) }));
  if (pathname.startsWith('/api/v1/blocks/')) {
    await blocks.put(parseCid(path.basename(pathname)), new Uint8Array(await buffer(request)));
    response.writeHead(201).end();
    return;
  }
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join() : value]));
  const answer = await createGateway(blocks)({ method: request.method ?? 'GET', path: pathname, headers, query: Object.fromEntries(searchParams) });
  response.writeHead(answer.status, answer.headers);
  if (answer.body === undefined || answer.body instanceof Uint8Array) response.end(answer.body);
  else Readable.from(answer.body).pipe(response);
}
