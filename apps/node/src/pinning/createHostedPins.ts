import { randomUUID } from 'node:crypto';
import { NeuroError } from '@neurodata/protocol';
import { StorageError, parseCid } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { and, count, eq, inArray, sql } from 'drizzle-orm';
import type { Blocks } from '../common/Blocks.ts';
import type { Log } from '../common/logger.ts';
import { storable, storableJson } from '../common/storable.ts';
import { type HostedPin, type HostedPinState, hostedPins, pinStates } from '../db/hostedPins.ts';
import type { Database, Transaction } from '../db/openDatabase.ts';
import type { BackgroundJobs } from '../jobs/index.ts';
import { type HostedReport, checkHostedPins } from './checkHostedPins.ts';
import { fetchGraph } from './fetchGraph.ts';
import { type PinFilter, listHostedPins } from './listHostedPins.ts';
import { originBlocks } from './originBlocks.ts';

/** What somebody asks to be kept: everything below `cid`. */
export type PinInput = { cid: string; name?: string | undefined; origins?: string[] | undefined; meta?: Record<string, string> | undefined };

export type HostedPins = {
  add(userId: string, input: PinInput): Promise<HostedPin>;
  /** Ends one pin and makes another in one step: what both name is never let go in between. Throws NOT_FOUND. */
  replace(userId: string, requestId: string, input: PinInput): Promise<HostedPin>;
  /** Throws NOT_FOUND. */
  get(userId: string, requestId: string): Promise<HostedPin>;
  /** Newest first; `count` is of all that fit. */
  list(userId: string, filter: PinFilter): Promise<{ count: number; pins: HostedPin[] }>;
  /** Ends a pin. Its blocks stay until garbage is collected, and as long as anything else needs them. Throws NOT_FOUND. */
  remove(userId: string, requestId: string): Promise<void>;
  /** Multiaddrs of libp2p under which this node is found; none where it does not speak it. */
  addresses(): string[];
  /** How many pins there are, of all users, by how they stand. */
  count(): Promise<{ state: HostedPinState; count: number }[]>;
};

export type CreateHostedPinsParameters = {
  db: Database;
  own: Blocks;
  /** Other holders, asked before a pin's own origins. */
  peers: readonly BlockStore[];
  jobs: Pick<BackgroundJobs, 'define' | 'enqueue'>;
  log: Log;
  /** Most bytes of blocks here. */
  quotaBytes: number;
  /** Origins on this machine may be asked. */
  loopback: boolean;
  /** Where this node speaks bitswap. */
  bitswap?: { addresses(): string[]; blocksOf(address: string): BlockStore };
  /** Most bytes of pins that are read and hashed each hour; 0 for none. */
  checkBytes: number;
};

const JOB = 'hosted-pin';
const CHECK_JOB = 'hosted-pins-check';
/** After 1, 2, 4, 8 and 16 minutes. */
const MOST_TRIES = 6;
const [RAW, DAG_PB] = [0x55, 0x70];

/** What this node keeps for programs of its operators; see https://ipfs.github.io/pinning-services-api-spec/. A job fetches the blocks, from other nodes and from where the pin says. */
export function createHostedPins({ db, own, peers, jobs, log, quotaBytes, loopback, bitswap, checkBytes }: CreateHostedPinsParameters): HostedPins {
  const { orm } = db;
  const ofUser = (userId: string, requestId: string) => and(eq(hostedPins.userId, userId), eq(hostedPins.requestId, requestId));

  const insert = async (tx: Transaction, userId: string, { cid, name, origins = [], meta = {} }: PinInput): Promise<HostedPin> => {
    // One at a time, so that no two have one time.
    await tx.execute(sql`LOCK TABLE hosted_pins IN SHARE ROW EXCLUSIVE MODE`);
    const created = sql`greatest(${Date.now()}::bigint, (SELECT coalesce(max(created), 0) + 1 FROM hosted_pins))`;
    const [pin] = await tx.insert(hostedPins).values({
      requestId: randomUUID(), userId, cid, root: rootOf(cid), name: name === undefined ? null : storable(name), origins: storableJson(origins) as string[], meta: storableJson(meta) as Record<string, string>, status: 'queued', tries: 0, created,
    }).returning();
    if (!pin) throw new NeuroError('The pin was not written down.', { code: 'INTERNAL' });
    await jobs.enqueue(JOB, { requestId: pin.requestId }, { key: pin.requestId, tx });
    return pin;
  };

  const room = (): ((bytes: number) => Promise<void>) => {
    let before: Promise<number> | undefined;
    let taken = 0;
    return async (bytes) => {
      taken += bytes;
      before ??= own.bytes?.() ?? Promise.resolve(0);
      if ((await before) + taken > quotaBytes) throw new NeuroError(`This node keeps at most ${quotaBytes} bytes of blocks.`, { code: 'TOO_LARGE', remedy: 'Ask its operator to raise the limit.' });
    };
  };

  const othersOf = (pin: HostedPin): BlockStore[] => [...peers, ...originBlocks(pin.origins, { loopback, bitswap: bitswap?.blocksOf })];

  const keep = async (pin: HostedPin, signal: AbortSignal): Promise<void> => {
    const at = eq(hostedPins.requestId, pin.requestId);
    await orm.update(hostedPins).set({ status: 'pinning' }).where(at);
    try {
      const bytes = await fetchGraph({ root: pin.root, own, others: othersOf(pin), take: room(), signal });
      await orm.update(hostedPins).set({ status: 'pinned', bytes, why: null }).where(at);
    } catch (error) {
      const known = error instanceof StorageError || error instanceof NeuroError;
      const final = pin.tries + 1 >= MOST_TRIES || (known && !isWorthAnother(error));
      await orm.update(hostedPins).set({ status: final ? 'failed' : 'queued', tries: pin.tries + 1, why: known ? error.message.slice(0, 300) : 'Something went wrong inside the node.' }).where(at);
      if (!final) throw error;
      log.warn({ cid: pin.cid, error: String(error) }, 'what a program asked to be kept was not found');
    }
  };

  jobs.define<{ requestId?: string }>(JOB, {
    retries: MOST_TRIES, backoff: 60, timeoutSeconds: 3 * 3_600, concurrency: 2, forget: true, every: '*/30 * * * *',
    work: async ({ requestId }, signal) => {
      if (requestId !== undefined) {
        const [pin] = await orm.select().from(hostedPins).where(eq(hostedPins.requestId, requestId));
        if (pin && (pin.status === 'queued' || pin.status === 'pinning')) await keep(pin, signal);
        return;
      }
      // What a process left that ended in the middle once too often.
      for (const left of await orm.select().from(hostedPins).where(inArray(hostedPins.status, ['queued', 'pinning']))) await jobs.enqueue(JOB, { requestId: left.requestId }, { key: left.requestId });
    },
  });

  /** What is lost is looked for as if it had just been asked for, so that its owner sees how it stands, and why. */
  const askAnew = async ({ requestId, why }: HostedReport['lost'][number]): Promise<void> => orm.transaction(async (tx) => {
    const lost = await tx.update(hostedPins).set({ status: 'queued', tries: 0, why }).where(and(eq(hostedPins.requestId, requestId), eq(hostedPins.status, 'pinned'))).returning({ requestId: hostedPins.requestId });
    if (lost.length > 0) await jobs.enqueue(JOB, { requestId }, { key: requestId, tx });
  });

  if (checkBytes > 0) {
    jobs.define(CHECK_JOB, {
      retries: 1, backoff: 600, timeoutSeconds: 3_000, every: '11 * * * *',
      work: async (_data, signal) => {
        const report = await checkHostedPins({ db, own, others: othersOf, take: room(), signal, mostBytes: checkBytes });
        for (const lost of report.lost) await askAnew(lost);
        if (report.lost.length > 0) log.warn({ lost: report.lost.slice(0, 5), count: report.lost.length }, 'blocks that programs had this node keep are nowhere');
        return report;
      },
    });
  }

  return {
    add: (userId, input) => orm.transaction((tx) => insert(tx, userId, input)),
    replace: (userId, requestId, input) => orm.transaction(async (tx) => {
      const gone = await tx.delete(hostedPins).where(ofUser(userId, requestId)).returning({ requestId: hostedPins.requestId });
      if (gone.length === 0) throw noPin(requestId);
      return insert(tx, userId, input);
    }),
    get: async (userId, requestId) => {
      const [pin] = await orm.select().from(hostedPins).where(ofUser(userId, requestId));
      if (!pin) throw noPin(requestId);
      return pin;
    },
    list: (userId, filter) => listHostedPins(db, userId, filter),
    remove: async (userId, requestId) => {
      const gone = await orm.delete(hostedPins).where(ofUser(userId, requestId)).returning({ requestId: hostedPins.requestId });
      if (gone.length === 0) throw noPin(requestId);
    },
    addresses: () => bitswap?.addresses() ?? [],
    count: async () => {
      const found = await orm.select({ state: hostedPins.status, count: count() }).from(hostedPins).groupBy(hostedPins.status);
      return pinStates.map((state) => ({ state, count: found.find((one) => one.state === state)?.count ?? 0 }));
    },
  };
}

/** The same as CIDv1. Throws BAD_INPUT for what this node cannot keep whole. */
function rootOf(text: string): string {
  const cid = parseCid(text);
  if (![RAW, DAG_PB].includes(cid.code) || cid.multihash.code !== 0x12) throw new NeuroError(`${text} is no CID of raw or dag-pb blocks by sha2-256: this node keeps no others.`, { code: 'BAD_INPUT', remedy: 'Import the data again with sha2-256, as UnixFS.' });
  return cid.toV1().toString();
}

/** What is nowhere now may come; what is too large, or no graph, stays so. */
function isWorthAnother(error: StorageError | NeuroError): boolean {
  return error instanceof StorageError && ['NOT_FOUND', 'TIMEOUT', 'UNREACHABLE'].includes(error.code);
}

const noPin = (requestId: string): NeuroError => new NeuroError(`There is no pin ${requestId.slice(0, 100)}.`, { code: 'NOT_FOUND', remedy: 'List yours with GET /pins.' });
