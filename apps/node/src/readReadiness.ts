import { statfs } from 'node:fs/promises';
import type { Readiness } from '@neurodata/protocol';
import type { PublicClient } from 'viem';
import { withDeadline } from './common/retry.ts';
import type { Database } from './db/openDatabase.ts';
import type { Indexer } from './indexer/createIndexer.ts';
import type { BackgroundJobs } from './jobs/index.ts';

export type ReadinessParts = {
  db: Database;
  indexer: Pick<Indexer, 'head'>;
  publicClient: PublicClient;
  jobs: Pick<BackgroundJobs, 'problem'>;
  /** The state folder. */
  home: string;
  /** What is wrong with blocks that buyers need. It is told, but is no reason to be asked for nothing: the others are there. */
  blocksProblem?: () => string | undefined;
  rolesReady: () => boolean;
  stopping: () => boolean;
};

/** Rows are never quite at the head while blocks come; this far behind, answers would be old. */
const allowedLag = 20;
const answerMs = 3_000;
const leastFreeBytes = 100 * 1024 ** 2;

type Part = Readiness['parts'][string];
const ready: Part = { ready: true };
const not = (reason: string): Part => ({ ready: false, reason });

/** Whether every part of a gateway can do its work, and why not; no reason tells more than a stranger may know. */
export async function readReadiness(parts: ReadinessParts): Promise<Readiness> {
  const [database, chain, disk] = await Promise.all([checkDatabase(parts), checkChain(parts), checkDisk(parts)]);
  const all = {
    database, chain, indexer: checkIndexer(parts), jobs: parts.jobs.problem() === undefined ? ready : not('background jobs cannot be read from the database'), disk, blocks: checkBlocks(parts),
    roles: parts.rolesReady() ? ready : not('validators and workers are starting'), ...(parts.stopping() ? { node: not('it is stopping') } : {}),
  };
  return { ready: Object.values(all).every((part) => part.ready), parts: all };
}

async function checkDatabase({ db }: ReadinessParts): Promise<Part> {
  return withDeadline(db.pool.query('SELECT 1'), { ms: answerMs, what: 'The database' }).then(() => ready, () => not('the database does not answer'));
}

async function checkChain({ publicClient }: ReadinessParts): Promise<Part> {
  return withDeadline(publicClient.getBlockNumber({ cacheTime: 500 }), { ms: answerMs, what: 'The chain' }).then(() => ready, () => not('the chain does not answer'));
}

async function checkDisk({ home }: ReadinessParts): Promise<Part> {
  const { bavail, bsize } = await statfs(home);
  return bavail * bsize >= leastFreeBytes ? ready : not(`only ${Math.floor((bavail * bsize) / 1024 ** 2)} MiB are left on the disk`);
}

function checkBlocks({ blocksProblem }: ReadinessParts): Part {
  const reason = blocksProblem?.();
  return reason === undefined ? ready : { ready: true, reason };
}

function checkIndexer({ indexer }: ReadinessParts): Part {
  const head = indexer.head();
  const lag = head === undefined ? Infinity : head.chain - head.indexed;
  if (lag <= allowedLag) return ready;
  return not(head === undefined ? 'the chain has not been read yet' : `the rows are ${lag} blocks behind the chain`);
}
