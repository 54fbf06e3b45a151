import os from 'node:os';
import path from 'node:path';
import { emailSchema, hex32Schema, NeuroError, parseNcr } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { z } from 'zod';

/** How long things may take on chain, in seconds; a deployment fixes them. */
export type Windows = { grant: number; grantMargin: number; confirm: number; dispute: number; escalate: number; commit: number; reveal: number; jobClaim: number; jobOpen: number; jobRun: number; jobHeartbeat: number; jobCancel: number; jobChallenge: number; move: number };

export type Settings = {
  /** The one folder that holds all state. */
  home: string;
  host: string;
  /** 0 picks a free port. */
  port: number;
  chainId: number;
  /** A PostgreSQL server; embedded PGlite where absent. */
  databaseUrl?: string;
  validators: number;
  /** Who are asked in a round. */
  committee: number;
  workers: number;
  /** In which the engine trains, for each run; 1 to 16. They change the time and no bit. */
  threads: number;
  /** What this node's workers advertise on chain: threads, memory, and base units of NCR for a unit of work. */
  offer: { cores: number; memoryMiB: number; pricePerUnit: bigint };
  /** Whether this node's validators challenge, with a bond, what the others accepted and they found wrong. */
  challenges: boolean;
  /** The part of runs, 0 to 1, that this node's workers hand in wrong on purpose, to try the validators. */
  canaries: number;
  /** Origins besides the node's own whose pages may read and write, e.g. where the site is served from. */
  allowedOrigins: string[];
  /** Where people open the site, for links in mails; `http://localhost` and the port where absent. */
  siteUrl?: string;
  /** A mail server, e.g. `smtps://user:password@mail.example:465`; a mailbox page on the embedded chain where absent. */
  smtpUrl?: string;
  /** Whom mails come from. */
  mailFrom: string;
  /** The address that is made an admin when its owner confirms it. */
  firstAdmin?: string;
  /** Whether webhooks may go to this machine, also without TLS; on the embedded chain only. */
  loopbackWebhooks?: boolean;
  /** A file of leaked passwords' SHA-1 digests, sorted; the common ones that are shipped are refused either way. */
  leakedPasswords?: string;
  /** Proxies before the node, by address or network, whose `X-Forwarded-For` is believed. */
  trustedProxies: string[];
  /** Requests a minute to the API from an address, of an account, with an API key, and to `/rpc`, `/ipfs` and blocks from an address; 0 is no limit, and so is none. */
  rates?: { address: number; account: number; key: number; door: number };
  /** A folder with model.onnx and tokenizer.json of a sentence encoder, to order search results by meaning. */
  embeddings?: string;
  /** How blocks are looked after; not at all where absent. */
  keeping?: KeepingSettings;
  /** Off where absent. */
  bitswap?: BitswapSettings;
  seed: boolean;
  web: boolean;
  windows: Windows;
  logLevel: string;
  /** Whoever shows it may read `/metrics`; admins may anyhow. */
  metricsToken?: string;
  /** A door of its own for `/metrics`, on loopback, where nobody is asked for anything. */
  metricsPort?: number;
  /** Where traces go by OTLP over HTTP; none are made where absent. */
  traces?: { endpoint: string; serviceName: string; /** The part of requests that are traced which bring no trace. */ ratio: number };
  /** Told of errors by POST, redacted. */
  errorWebhook?: string;
  /** Under which the site offers WalletConnect, and the relay that carries it; not at all where absent. */
  walletConnect?: { projectId: string; relayUrl: string };
};

export type KeepingSettings = {
  /** Read and hashed each hour, at most; 0: nothing is. */
  checkBytes: number;
  /** Whether what nothing names any more is removed each night, and how long it stays after it was last put. */
  garbage: boolean;
  graceSeconds: number;
  /** Others who are to keep what buyers need: a kubo's RPC, a pinning service. */
  kubo?: { url: string; authorization?: string };
  service?: { url: string; token: string };
  /** Multiaddrs under which they find this node's blocks. */
  origins: string[];
};

/** How a gateway speaks bitswap over libp2p. */
export type BitswapSettings = { /** Multiaddrs. */ listen: string[]; /** Multiaddrs with peer ids: asked for blocks that are nowhere else. */ peers: string[] };

export const defaultWindows: Windows = {
  grant: 600, grantMargin: 60, confirm: 3 * 86_400, dispute: 7 * 86_400, escalate: 3 * 86_400, commit: 180, reveal: 180, jobClaim: 60, jobOpen: 900, jobRun: 900, jobHeartbeat: 60, jobCancel: 60, jobChallenge: 4, move: 60,
};

const integer = (low: number, high: number) => z.coerce.number().int().min(low).max(high);
/** Of NCR, in decimals. */
const amount = z.string().transform((text, context) => {
  try {
    return parseNcr(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected an amount of NCR like 0.4' });
    return z.NEVER;
  }
});
/** Without encryption only this machine is talked to. */
const relay = z.url({ protocol: /^wss?$/ }).refine((text) => text.startsWith('wss:') || ['localhost', '127.0.0.1'].includes(new URL(text).hostname), { message: 'expected wss://; ws:// is for this machine only' });
const flag = z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true');

const multiaddrs = z.string().default('').transform((text) => text.split(',').map((part) => part.trim()).filter(Boolean)).pipe(z.array(z.string().startsWith('/').max(500)).max(20));

const environmentSchema = z.object({
  NEURODATA_HOME: z.string().min(1).default('.neurodata'),
  NEURODATA_HOST: z.string().min(1).default('127.0.0.1'),
  NEURODATA_PORT: integer(0, 65_535).default(4000),
  NEURODATA_CHAIN_ID: integer(1, 4_294_967_295).default(31_337),
  NEURODATA_DATABASE_URL: z.string().min(1).optional(),
  NEURODATA_VALIDATORS: integer(3, 12).default(3),
  NEURODATA_COMMITTEE: integer(3, 12).default(3),
  NEURODATA_CHALLENGES: flag.default(true),
  NEURODATA_CANARIES: z.coerce.number().min(0).max(1).default(0),
  NEURODATA_WORKERS: integer(1, 8).default(2),
  NEURODATA_THREADS: integer(1, 16).default(Math.min(Math.max(os.availableParallelism() - 1, 1), 16)),
  NEURODATA_CORES: integer(1, 255).optional(),
  NEURODATA_MEMORY_MIB: integer(64, 2 ** 31).default(Math.max(1_024, Math.floor(os.totalmem() / 2 ** 21))),
  NEURODATA_PRICE_PER_UNIT: amount.default(parseNcr('0.4')),
  NEURODATA_ALLOWED_ORIGINS: z.string().default('').transform((text) => text.split(',').map((origin) => origin.trim()).filter(Boolean)).pipe(z.array(z.union([z.literal('*'), z.url()]))),
  NEURODATA_SITE_URL: z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, '')).optional(),
  NEURODATA_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  NEURODATA_MAIL_FROM: z.string().min(3).max(200).default('NeuroData <no-reply@localhost>'),
  NEURODATA_ADMIN: emailSchema.optional(),
  NEURODATA_LEAKED_PASSWORDS: z.string().min(1).optional(),
  NEURODATA_LOOPBACK_WEBHOOKS: flag.default(false),
  NEURODATA_TRUSTED_PROXIES: z.string().default('').transform((text) => text.split(',').map((part) => part.trim()).filter(Boolean)),
  NEURODATA_RATE_ADDRESS: integer(0, 2 ** 31).default(12_000),
  NEURODATA_RATE_ACCOUNT: integer(0, 2 ** 31).default(6_000),
  NEURODATA_RATE_KEY: integer(0, 2 ** 31).default(6_000),
  NEURODATA_RATE_DOOR: integer(0, 2 ** 31).default(120_000),
  NEURODATA_EMBEDDINGS: z.string().min(1).optional(),
  NEURODATA_CHECK_MIB: integer(0, 2 ** 31).default(512),
  NEURODATA_GC: flag.default(false),
  NEURODATA_GC_GRACE_HOURS: integer(1, 87_600).default(168),
  NEURODATA_PIN_KUBO: z.url({ protocol: /^https?$/ }).optional(),
  NEURODATA_PIN_KUBO_AUTHORIZATION: z.string().min(1).max(2_000).optional(),
  NEURODATA_PIN_SERVICE: z.url({ protocol: /^https?$/ }).optional(),
  NEURODATA_PIN_TOKEN: z.string().min(1).max(10_000).optional(),
  NEURODATA_PIN_ORIGINS: multiaddrs,
  NEURODATA_BITSWAP: multiaddrs,
  NEURODATA_BITSWAP_PEERS: multiaddrs,
  NEURODATA_SEED: flag.default(true),
  NEURODATA_WEB: flag.default(true),
  NEURODATA_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).optional(),
  NEURODATA_ROLE: z.string().optional(),
  NEURODATA_METRICS_TOKEN: z.string().min(16).max(500).optional(),
  NEURODATA_METRICS_PORT: integer(1, 65_535).optional(),
  NEURODATA_ERROR_WEBHOOK: z.url({ protocol: /^https?$/ }).optional(),
  NEURODATA_WALLETCONNECT_PROJECT_ID: z.string().regex(/^[\w-]{1,100}$/).optional(),
  NEURODATA_WALLETCONNECT_RELAY: relay.default('wss://relay.walletconnect.org'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_SERVICE_NAME: z.string().min(1).max(100).default('neurodata'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
}).refine((env) => (env.NEURODATA_PIN_SERVICE === undefined) === (env.NEURODATA_PIN_TOKEN === undefined), { path: ['NEURODATA_PIN_TOKEN'], message: 'a pinning service and its token come together: set NEURODATA_PIN_SERVICE and NEURODATA_PIN_TOKEN, or neither' })
  .refine((env) => env.NEURODATA_BITSWAP.length > 0 || env.NEURODATA_BITSWAP_PEERS.length === 0, { path: ['NEURODATA_BITSWAP'], message: 'peers are asked where this node listens: set it, e.g. to /ip4/0.0.0.0/tcp/4002, or leave NEURODATA_BITSWAP_PEERS out' })
  .refine((env) => env.NEURODATA_BITSWAP_PEERS.every((address) => /\/p2p\/[1Q]\w+$/.test(address)), { path: ['NEURODATA_BITSWAP_PEERS'], message: 'each ends in /p2p/ and a peer id' });

type Environment = Record<string, string | undefined>;

/** Reads the node's settings from the environment: the only place that does. Throws BAD_INPUT naming the variable. */
export function readSettings(environment: Environment = process.env): Settings {
  const env = parse(environmentSchema, environment);
  return {
    home: path.resolve(env.NEURODATA_HOME),
    host: env.NEURODATA_HOST,
    port: env.NEURODATA_PORT,
    chainId: env.NEURODATA_CHAIN_ID,
    ...(env.NEURODATA_DATABASE_URL ? { databaseUrl: env.NEURODATA_DATABASE_URL } : {}),
    validators: env.NEURODATA_VALIDATORS,
    committee: env.NEURODATA_COMMITTEE,
    workers: env.NEURODATA_WORKERS,
    threads: env.NEURODATA_THREADS,
    offer: { cores: env.NEURODATA_CORES ?? env.NEURODATA_THREADS, memoryMiB: env.NEURODATA_MEMORY_MIB, pricePerUnit: env.NEURODATA_PRICE_PER_UNIT },
    challenges: env.NEURODATA_CHALLENGES,
    canaries: env.NEURODATA_CANARIES,
    allowedOrigins: env.NEURODATA_ALLOWED_ORIGINS,
    ...(env.NEURODATA_SITE_URL ? { siteUrl: env.NEURODATA_SITE_URL } : {}),
    ...(env.NEURODATA_SMTP_URL ? { smtpUrl: env.NEURODATA_SMTP_URL } : {}),
    ...(env.NEURODATA_ADMIN ? { firstAdmin: env.NEURODATA_ADMIN } : {}),
    mailFrom: env.NEURODATA_MAIL_FROM,
    ...(env.NEURODATA_LEAKED_PASSWORDS ? { leakedPasswords: path.resolve(env.NEURODATA_LEAKED_PASSWORDS) } : {}),
    ...(env.NEURODATA_LOOPBACK_WEBHOOKS ? { loopbackWebhooks: true } : {}),
    trustedProxies: env.NEURODATA_TRUSTED_PROXIES,
    rates: { address: env.NEURODATA_RATE_ADDRESS, account: env.NEURODATA_RATE_ACCOUNT, key: env.NEURODATA_RATE_KEY, door: env.NEURODATA_RATE_DOOR },
    ...(env.NEURODATA_EMBEDDINGS ? { embeddings: env.NEURODATA_EMBEDDINGS } : {}),
    keeping: {
      checkBytes: env.NEURODATA_CHECK_MIB * 2 ** 20, garbage: env.NEURODATA_GC, graceSeconds: env.NEURODATA_GC_GRACE_HOURS * 3_600, origins: env.NEURODATA_PIN_ORIGINS,
      ...(env.NEURODATA_PIN_KUBO ? { kubo: { url: env.NEURODATA_PIN_KUBO, ...(env.NEURODATA_PIN_KUBO_AUTHORIZATION ? { authorization: env.NEURODATA_PIN_KUBO_AUTHORIZATION } : {}) } } : {}),
      ...(env.NEURODATA_PIN_SERVICE && env.NEURODATA_PIN_TOKEN ? { service: { url: env.NEURODATA_PIN_SERVICE, token: env.NEURODATA_PIN_TOKEN } } : {}),
    },
    ...(env.NEURODATA_BITSWAP.length > 0 ? { bitswap: { listen: env.NEURODATA_BITSWAP, peers: env.NEURODATA_BITSWAP_PEERS } } : {}),
    seed: env.NEURODATA_SEED,
    web: env.NEURODATA_WEB,
    windows: defaultWindows,
    // What a role says of itself is made from its log.
    logLevel: env.NEURODATA_LOG ?? (env.NEURODATA_ROLE ? 'info' : 'warn'),
    ...(env.NEURODATA_METRICS_TOKEN ? { metricsToken: env.NEURODATA_METRICS_TOKEN } : {}),
    ...(env.NEURODATA_METRICS_PORT ? { metricsPort: env.NEURODATA_METRICS_PORT } : {}),
    ...(env.NEURODATA_ERROR_WEBHOOK ? { errorWebhook: env.NEURODATA_ERROR_WEBHOOK } : {}),
    ...(env.NEURODATA_WALLETCONNECT_PROJECT_ID ? { walletConnect: { projectId: env.NEURODATA_WALLETCONNECT_PROJECT_ID, relayUrl: env.NEURODATA_WALLETCONNECT_RELAY } } : {}),
    ...(env.OTEL_EXPORTER_OTLP_ENDPOINT ? { traces: { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, serviceName: env.OTEL_SERVICE_NAME, ratio: env.OTEL_TRACES_SAMPLER_ARG } } : {}),
  };
}

export const roles = ['chain', 'gateway', 'validator', 'worker'] as const;
export type Role = (typeof roles)[number];

/** Of a process that has some of the roles only; the others are elsewhere. */
export type RoleSettings = {
  /** In the order in which they start. */
  roles: Role[];
  /** Of the chain that is followed; that of the first gateway where absent. */
  rpcUrl?: string;
  /** Base URLs, from which blocks come and to which they go. */
  gateways: string[];
  /** A deployment record; what the first gateway says where absent. */
  deploymentFile?: string;
  /** Of the account that acts; kept in the state folder where absent. */
  privateKey?: Hex;
  /** Under which the others reach this process; stands on chain. Its host and port where absent. */
  endpoint?: string;
  /** Whether a gateway offers the embedded chain's play money. */
  demo: boolean;
};

const list = z.string().default('').transform((text) => text.split(',').map((part) => part.trim()).filter(Boolean));
const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));

const roleSchema = z.object({
  NEURODATA_ROLE: list.pipe(z.array(z.enum(roles))),
  NEURODATA_RPC_URL: url.optional(),
  NEURODATA_GATEWAYS: list.pipe(z.array(url)),
  NEURODATA_DEPLOYMENT: z.string().min(1).optional(),
  NEURODATA_PRIVATE_KEY: z.string().transform((text) => (text.startsWith('0x') ? text : `0x${text}`)).pipe(hex32Schema).optional(),
  NEURODATA_ENDPOINT: url.optional(),
  NEURODATA_DEMO: flag.optional(),
});

/** Which roles this process has; undefined where nothing says so, and it has all of them. Throws BAD_INPUT as `readSettings` does. */
export function readRoleSettings(environment: Environment = process.env): RoleSettings | undefined {
  const env = parse(roleSchema, environment);
  if (env.NEURODATA_ROLE.length === 0) return undefined;
  const { NEURODATA_GATEWAYS: gateways, NEURODATA_RPC_URL: rpcUrl, NEURODATA_DEPLOYMENT: file, NEURODATA_PRIVATE_KEY: privateKey, NEURODATA_ENDPOINT: endpoint } = env;
  // A gateway that is told of no chain brings one.
  const embeds = env.NEURODATA_ROLE.includes('chain') || (env.NEURODATA_ROLE.includes('gateway') && rpcUrl === undefined && gateways.length === 0);
  return {
    roles: roles.filter((role) => env.NEURODATA_ROLE.includes(role) || (role === 'chain' && embeds)), gateways, demo: env.NEURODATA_DEMO ?? embeds,
    ...(rpcUrl ? { rpcUrl } : {}), ...(file ? { deploymentFile: path.resolve(file) } : {}), ...(privateKey ? { privateKey } : {}), ...(endpoint ? { endpoint } : {}),
  };
}

/** Every variable that is read; `docs/operations.md` says what each is for. */
export const settingNames: string[] = [...new Set([...Object.keys(environmentSchema.shape), ...Object.keys(roleSchema.shape)])];

function parse<T extends z.ZodType>(schema: T, environment: Environment): z.output<T> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  throw new NeuroError('The environment is not valid.', { code: 'BAD_INPUT', details: z.prettifyError(result.error), remedy: 'Correct what is named below and start again.' });
}
