import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { NeuroError } from '@neurodata/protocol';
import type { Config } from '@neurodata/protocol';
import type { HubTables } from '@neurodata/sdk';
import { cachedBlocks, createStorage } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PublicClient } from 'viem';
import type { Accounts } from '../accounts/index.ts';
import type { Notifications } from '../notifications/index.ts';
import { checkOrigin } from '../chain/checkOrigin.ts';
import type { Blocks } from '../common/Blocks.ts';
import type { Changes } from '../common/changes.ts';
import type { Log } from '../common/logger.ts';
import type { Service } from '../common/service.ts';
import type { Database } from '../db/openDatabase.ts';
import { createDiscovery } from '../discovery/index.ts';
import type { Rerank } from '../discovery/index.ts';
import { addReference } from './addReference.ts';
import { addRoutes } from './addRoutes.ts';
import { addMetricsDoor, addObservers } from './addObservers.ts';
import type { ApiMetrics } from './addObservers.ts';
import { DEFAULT_QUOTA_BYTES, addBlockDoor } from './blockDoor.ts';
import { createCors } from './cors.ts';
import { createHeldAnswers } from './createHeldAnswers.ts';
import { addCroissantDoor } from './croissantDoor.ts';
import { addCsvDoor } from './csvDoor.ts';
import { createIdempotency } from './createIdempotency.ts';
import { createRelay } from './createRelay.ts';
import { addressGroup, createRateLimits, noLimits, policyOfUrl } from './createRateLimits.ts';
import type { RateLimits, Rates } from './createRateLimits.ts';
import { addEventStreams } from './eventStreams.ts';
import { addGraphqlDoor } from './graphql/addGraphqlDoor.ts';
import type { HostedPins } from '../pinning/createHostedPins.ts';
import { addHubDoor } from './hubDoor.ts';
import type { Demo, HandlerContext } from './handlers/Handler.ts';
import { logProblem, problemType, toProblem } from './problem.ts';
import { addPinsDoor } from './pinsDoor.ts';
import { addRpcDoor } from './rpcDoor.ts';
import type { Rpc } from './rpcDoor.ts';
import { addViewCounter } from './viewCounter.ts';
import { addSecurityHeaders } from './securityHeaders.ts';
import { addWebFiles } from './webFiles.ts';

export type CreateApiParameters = {
  db: Database;
  /** The door behind `/rpc`, and how the API itself reads balances. */
  chain: { rpc: Rpc; publicClient: PublicClient };
  indexer: HandlerContext['indexer'];
  blocks: Blocks;
  /** Most bytes of blocks that `PUT /api/v1/blocks` fills; 20 GiB where absent. */
  quotaBytes?: number;
  /** What programs of this node's operators have it keep; `/pins` is not served where absent. */
  pins?: HostedPins;
  /** Asked for blocks that this node lacks. */
  peers?: BlockStore[];
  config: Config;
  accounts: Accounts;
  notifications: Notifications;
  jobs: HandlerContext['jobs'];
  /** Orders search results by meaning; by words alone where absent. */
  rerank?: Rerank;
  readiness: HandlerContext['readiness'];
  /** Where requests are counted; `/metrics` is not served where absent. */
  metrics?: ApiMetrics;
  /** How long requests under way may go on after `stop`, milliseconds; 10,000 where absent. */
  drainMs?: number;
  /** Play money; on the embedded chain only. */
  demo?: Demo;
  /** Pages may ask validators on this machine through this node; else only those on the public network. */
  loopbackValidators?: boolean;
  /** The built dApp. */
  webFolder?: string;
  /** What asks open tables; what Hugging Face's clients ask is not served where absent. It is stopped with the API. */
  tables?: HubTables;
  /** Where people come to this node; what it listens at where absent. */
  siteUrl?: () => string;
  /** 0 picks a free port. */
  port: number;
  host?: string;
  /** Origins besides this node's own whose pages may read and write, e.g. `https://market.example`; see `checkOrigin`. */
  allowedOrigins?: readonly string[];
  /** Requests a minute; no limits where absent. */
  rates?: Rates;
  /** Addresses of proxies before this node, whose word on who calls is taken; nobody's where absent. */
  trustedProxies?: readonly string[];
  /** Milliseconds for which public answers are held in memory, at most; 1,000 where absent. */
  holdMs?: number;
  log: Log;
  changes: Pick<Changes, 'subscribe'>;
};

export type Api = Service & {
  /** Where it listens, e.g. `http://127.0.0.1:4000`; empty before `start`. */
  readonly url: string;
};

const jsonBytes = 256 * 1024;

/** The node's HTTP door: the route table, blocks, the chain's RPC, live events and the dApp. */
export function createApi(parameters: CreateApiParameters): Api {
  const { port, host = '127.0.0.1', log } = parameters;
  const app = fastify({
    bodyLimit: jsonBytes,
    // Requests under way are answered; see `stop`.
    forceCloseConnections: 'idle',
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    requestTimeout: 60_000,
    // What comes before routes and hooks: an address that is no URL, or with a word too long for any.
    frameworkErrors: (error, request, reply) => void sendProblem({ error: new NeuroError('This address is not valid.', { code: 'BAD_INPUT', remedy: 'Correct it.', cause: error }), request, reply: reply.header('x-request-id', request.id), log }),
    trustProxy: parameters.trustedProxies?.length ? [...parameters.trustedProxies] : false,
  });
  const underWay = countUnderWay(app);
  const discovery = createDiscovery({ db: parameters.db, ...(parameters.rerank ? { rerank: parameters.rerank } : {}) });
  let endStreams = (): void => undefined;
  let endViews = async (): Promise<void> => undefined;
  let url = '';
  return {
    get url() {
      return url;
    },
    start: async () => {
      // A page elsewhere may send plain text without asking; JSON it may not.
      app.removeContentTypeParser('text/plain');
      const rates = createRateLimits({ rates: parameters.rates ?? noLimits });
      addObservers(app, parameters.metrics);
      const { walletConnect } = parameters.config;
      await addSecurityHeaders(app, { overTls: parameters.accounts.secure(), reachable: walletConnect ? [new URL(walletConnect.relayUrl).origin] : [] });
      guard(app, parameters, rates);
      const { db, config, readiness, demo, chain, indexer, accounts, jobs, notifications } = parameters;
      const relay = createRelay({ publicClient: chain.publicClient, validators: config.deployment.addresses.validators, loopback: parameters.loopbackValidators ?? false });
      const storage = createStorage(parameters.peers?.length ? cachedBlocks([parameters.blocks, ...parameters.peers]) : parameters.blocks);
      const context: HandlerContext = { db, config, storage, client: chain.publicClient, readiness, demo, indexer, accounts, jobs, notifications, discovery, relay };
      const idempotency = createIdempotency({ db, box: accounts.box, log });
      const held = createHeldAnswers({ holdMs: parameters.holdMs ?? 1_000 });
      const unsubscribe = parameters.changes.subscribe(held.drop);
      app.addHook('onClose', async () => unsubscribe());
      endViews = addViewCounter(app, { db, log });
      addRoutes(app, { held, rates, context, idempotency, log });
      addCsvDoor(app, { context, rates });
      const siteUrl = parameters.siteUrl ?? (() => url);
      addCroissantDoor(app, { context, held, siteUrl });
      if (parameters.tables) addHubDoor(app, { db, storage, siteUrl, tables: parameters.tables });
      await addReference(app, config.version);
      app.get('/healthz', (_request, reply) => reply.header('cache-control', 'no-store').send({ alive: true }));
      addBlockDoor(app, { blocks: parameters.blocks, quotaBytes: parameters.quotaBytes ?? DEFAULT_QUOTA_BYTES, ...(parameters.peers ? { peers: parameters.peers } : {}) });
      if (parameters.pins) addPinsDoor(app, { pins: parameters.pins, accounts, siteUrl, log });
      if (parameters.metrics) addMetricsDoor(app, parameters.metrics, accounts);
      addRpcDoor(app, parameters.chain.rpc);
      const ends = [addEventStreams(app, parameters), addGraphqlDoor(app, { context, changes: parameters.changes, log })];
      endStreams = () => ends.forEach((end) => end());
      await addWebFiles(app, parameters.webFolder);
      url = await listen(app, { host, port });
      log.info({ url }, 'listening');
    },
    stop: async () => {
      endStreams();
      await drain(app, underWay, parameters.drainMs ?? 10_000);
      await endViews();
    },
  };
}

/** Takes no more requests, lets those under way be answered for a while, and then closes what is still open, such as connections that nobody uses. */
async function drain(app: FastifyInstance, underWay: () => number, mostMs: number): Promise<void> {
  const closed = app.close();
  const until = performance.now() + mostMs;
  while (underWay() > 0 && performance.now() < until) await sleep(10);
  app.server.closeAllConnections();
  await closed;
}

/** How many requests wait for the end of their answer. */
function countUnderWay(app: FastifyInstance): () => number {
  let count = 0;
  app.addHook('onRequest', (_request, _reply, done) => {
    count += 1;
    done();
  });
  app.addHook('onResponse', (_request, _reply, done) => {
    count -= 1;
    done();
  });
  return () => count;
}

/** The caller's own id of a request, where it is short and plain: it goes into the log. */
function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\w.-]{8,100}$/.test(header) ? header : randomUUID();
}

async function listen(app: FastifyInstance, place: { host: string; port: number }): Promise<string> {
  try {
    return await app.listen(place);
  } catch (cause) {
    throw new NeuroError(`${place.host}:${place.port} cannot be listened on.`, { code: 'CONFLICT', cause, details: String(cause), remedy: 'Is another node running? Otherwise choose another port.' });
  }
}

/** Request ids, who may write, and what errors look like. */
function guard(app: FastifyInstance, parameters: CreateApiParameters, rates: RateLimits): void {
  const { log, allowedOrigins = [] } = parameters;
  const cors = createCors(allowedOrigins);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    cors.allow(request, reply);
    const policy = policyOfUrl(request.url);
    if (policy) rates.count(reply, policy, addressGroup(request.ip));
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (reads && !request.url.startsWith('/api/v1/demo')) return done();
    const { host, origin } = request.headers;
    if (!checkOrigin({ host, origin, allowed: allowedOrigins })) {
      throw new NeuroError('This page may not write through this node.', { code: 'FORBIDDEN', remedy: "Open the node's own page, or have its operator allow this origin." });
    }
    if (cors.isPreflight(request)) return void reply.code(204).header('cache-control', 'no-store').send();
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    if (log.isLevelEnabled('debug')) log.debug({ id: request.id, method: request.method, url: request.url.slice(0, 300), status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 }, 'answered');
    done();
  });
  app.setErrorHandler((error, request, reply) => sendProblem({ error, request, reply, log }));
}

function sendProblem(parameters: { error: unknown; request: FastifyRequest; reply: FastifyReply; log: Log }): FastifyReply {
  const { error, request, reply, log } = parameters;
  const problem = toProblem(error, request.id);
  logProblem({ problem, error, request, log });
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
  return reply.code(problem.status).header('cache-control', 'no-store').type(problemType).send(JSON.stringify(problem));
}
