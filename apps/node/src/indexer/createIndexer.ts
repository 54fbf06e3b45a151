import { setTimeout as sleep } from 'node:timers/promises';
import { NeuroError } from '@neurodata/protocol';
import type { Change, Deployment } from '@neurodata/protocol';
import type { Hex, PublicClient } from 'viem';
import type { Log } from '../common/logger.ts';
import { retry } from '../common/retry.ts';
import type { Service } from '../common/service.ts';
import type { Database } from '../db/openDatabase.ts';
import { createChainReader } from './chainReader.ts';
import type { ChainReader, Header, Range } from './chainReader.ts';
import { deploymentKey } from './contracts.ts';
import { createManifestReader } from './createManifestReader.ts';
import { createRunReader } from './createRunReader.ts';
import { farBehind, fillMissingSearch, findCursor, keptBlocks, listHeaders, partiesOf, undoTo, wipeProjection, writeRange } from './projection.ts';
import type { Cursor } from './projection.ts';

export type Indexer = Service & {
  /** Whether the rows stood at the chain's head at the last look. */
  caughtUp(): boolean;
  /** The chain's newest block and the newest one whose events are rows. Undefined before the first look. */
  head(): { chain: number; indexed: number; timestamp: number } | undefined;
};

/** Most blocks that are asked for at once. */
export const mostBlocks = 2_000;
/** Blocks of the first range, and events after which ranges get shorter: one is read while the one before it is written, and both are held in memory. */
const [firstBlocks, manyEvents] = [128, 8_000];
/** In a long backfill search follows after so many events. */
const searchedEvery = 200_000;

export type IndexerParameters = {
  db: Database;
  publicClient: PublicClient;
  deployment: Deployment;
  log: Log;
  /** The block whose sha256 is `digest`; rejects while nobody has it. */
  readDocument: (digest: Hex) => Promise<Uint8Array>;
  onChange: (change: Change) => void;
  /** Milliseconds between looks at the head. */
  pollMs?: number;
  /** Most blocks per `eth_getLogs`; halved while the server refuses. */
  maxBlocks?: number;
  /** How long a server may lag behind what it said before, milliseconds, before its shorter chain is believed. */
  lagMs?: number;
};

/**
 * Follows the chain and keeps the tables: backfill by ranges, then live. It never moves over a range that it could not
 * read, and on a reorganisation it goes back to the common ancestor and makes the touched rows again.
 */
export function createIndexer(parameters: IndexerParameters): Indexer {
  const { db, log, pollMs = 100 } = parameters;
  const manifests = createManifestReader(parameters);
  const runs = createRunReader(parameters);
  const follow = createFollower(parameters, { asset: () => manifests.wake(), job: () => runs.wake() });
  const abort = new AbortController();
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    const { signal } = abort;
    const onFailure = (error: unknown, waitMs: number): void => log.warn({ error: error instanceof Error ? error.message : String(error), waitMs }, 'the indexer could not go on; it stays where it is');
    while (!signal.aborted) {
      const more = await retry(follow.step, { signal, firstMs: Math.min(pollMs, 250), maxMs: 10_000, onFailure });
      if (!more) await sleep(pollMs, undefined, { signal });
    }
  };
  return {
    start: async () => {
      if (running) return;
      await adopt(db, parameters.deployment, log);
      await fillMissingSearch(db);
      running = run().catch((error: unknown) => {
        if (!abort.signal.aborted) log.error({ error: String(error) }, 'the indexer stopped');
      });
      await Promise.all([manifests.start(), runs.start()]);
    },
    stop: async () => {
      abort.abort();
      await Promise.all([running, manifests.stop(), runs.stop()]);
    },
    caughtUp: follow.caughtUp,
    head: follow.head,
  };
}

/** Rows of another deployment are worth nothing here. */
async function adopt(db: Database, deployment: Deployment, log: Log): Promise<void> {
  const stored = await findCursor(db);
  if (!stored || stored.deployment === deploymentKey(deployment)) return;
  log.warn({ stored: stored.deployment }, 'the database belongs to another deployment; it is made again from the chain');
  await wipeProjection(db);
}

type Follower = { step: () => Promise<boolean>; caughtUp: () => boolean; head: Indexer['head'] };

function createFollower(parameters: IndexerParameters, wake: { asset(): void; job(): void }): Follower {
  const { db, deployment, log, onChange, maxBlocks = mostBlocks, lagMs = 5000 } = parameters;
  const reader = createChainReader(parameters);
  const key = deploymentKey(deployment);
  const readNext = createRangeReader({ reader, maxBlocks, firstBlock: deployment.block });
  let seen: { chain: number; indexed: number; timestamp: number } | undefined;
  let atHead = false;
  let behindSince: number | undefined;
  /** The range that follows the one being written. Settles by itself; whether it fits is seen when it is its turn. */
  let ahead: { after: Hex; range: Promise<Range | Error> } | undefined;
  /** Events whose assets' search rows were only taken away. What an earlier process left is made at the start. */
  let unsearched = 0;

  const announce = async (block: number, subjects: string[]): Promise<void> => {
    for (const noun of ['asset', 'job'] as const) if (subjects.some((subject) => subject.startsWith(`${noun}:`))) wake[noun]();
    onChange({ block, topics: [...new Set([...subjects, ...(await partiesOf(db, subjects)), 'head'])] });
  };
  const goBack = async (latest: Header, cursor: Cursor): Promise<boolean> => {
    const ancestor = await findAncestor({ db, reader, latest });
    log.warn({ to: ancestor?.number ?? 'the beginning', head: latest.number }, 'the chain was reorganised');
    const subjects = ancestor ? await undoTo(db, key, ancestor, cursor) : [];
    if (!ancestor) await wipeProjection(db);
    await announce(ancestor?.number ?? 0, subjects);
    return true;
  };
  /** A chain that is shorter but otherwise the same: a server that lags, for some time. */
  const lags = async (cursor: Cursor, latest: Header): Promise<boolean> => {
    if (latest.number >= cursor.block) return false;
    const stored = (await listHeaders(db)).find((header) => header.number === latest.number);
    behindSince ??= Date.now();
    return stored?.hash === latest.hash && Date.now() - behindSince < lagMs;
  };
  const readAhead = ({ number: block, hash, timestamp }: Header, latest: Header): void => {
    ahead = { after: hash, range: readNext({ block, hash, timestamp }, latest).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error)))) };
  };
  const take = async (cursor: Cursor | undefined, latest: Header): Promise<Range> => {
    const known = ahead;
    ahead = undefined;
    if (!known || known.after !== cursor?.hash) return readNext(cursor, latest);
    const range = await known.range;
    if (range instanceof Error) throw range;
    return range;
  };
  const write = async (range: Range, before: Cursor | undefined, latest: Header): Promise<void> => {
    const { length } = range.events;
    const search = length > farBehind || range.last.number < latest.number ? 'later' : 'now';
    const fill = async (): Promise<void> => {
      if (unsearched > 0) await fillMissingSearch(db);
      unsearched = 0;
    };
    // So that everything is found once the rows stand at the head.
    if (search === 'now') await fill();
    else unsearched += length;
    await writeRange(db, key, { range, before, search });
    if (range.last.number === latest.number || unsearched > searchedEvery) await fill();
  };
  const look = async (): Promise<boolean> => {
    const latest = await reader.latest();
    const cursor = await findCursor(db);
    seen = { chain: latest.number, indexed: cursor?.block ?? 0, timestamp: latest.timestamp };
    atHead = cursor ? cursor.hash === latest.hash : latest.number < deployment.block;
    if (atHead) behindSince = undefined;
    if (atHead || (cursor && (await lags(cursor, latest)))) return false;
    behindSince = undefined;
    if (cursor && latest.number <= cursor.block) return goBack(latest, cursor);
    const range = await take(cursor, latest);
    if (cursor && range.headers[0]?.parent !== cursor.hash) return goBack(latest, cursor);
    if (range.last.number < latest.number) readAhead(range.last, latest);
    await write(range, cursor, latest);
    seen = { chain: latest.number, indexed: range.last.number, timestamp: latest.timestamp };
    atHead = range.last.hash === latest.hash;
    await announce(range.last.number, [...new Set(range.events.map((event) => event.subject))]);
    return !atHead;
  };
  // Where the rows stand cannot be said while nothing answers.
  const step = (): Promise<boolean> => look().catch((error: unknown) => {
    atHead = false;
    throw error;
  });
  return { step, caughtUp: () => atHead, head: () => seen };
}

/** Reads the range after the cursor. The range halves with each failure and where it holds very many events, and grows again with each success. */
export function createRangeReader(parameters: { reader: ChainReader; maxBlocks: number; firstBlock: number }): (cursor: Cursor | undefined, latest: Header) => Promise<Range> {
  const { reader, maxBlocks, firstBlock } = parameters;
  let size = Math.min(firstBlocks, maxBlocks);
  return async (cursor, latest) => {
    const from = cursor ? cursor.block + 1 : firstBlock;
    try {
      const range = await reader.read({ from, to: Math.min(from + size - 1, latest.number), keepFrom: latest.number - keptBlocks + 1 });
      if (range.events.length > manyEvents) size = Math.max(1, Math.floor(size / 2));
      else if (range.events.length * 2 < manyEvents) size = Math.min(size * 2, maxBlocks);
      return range;
    } catch (error) {
      size = Math.max(1, Math.floor(size / 2));
      throw error;
    }
  };
}

/** The newest stored block that the chain still has; undefined where none is left. */
async function findAncestor(parameters: { db: Database; reader: ChainReader; latest: Header }): Promise<Header | undefined> {
  const { db, reader, latest } = parameters;
  for (const stored of await listHeaders(db)) {
    if (stored.number > latest.number) continue;
    const now = await reader.findHeader(stored.number);
    if (now?.hash === stored.hash) return stored;
    if (!now && stored.number < latest.number) throw new NeuroError(`The chain has block ${latest.number} but not ${stored.number}.`, { code: 'UNREACHABLE', retryable: true });
  }
  return undefined;
}
