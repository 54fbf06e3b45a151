import { randomUUID } from 'node:crypto';
import { NeuroError } from '@neurodata/protocol';
import type { BackgroundJob, BackgroundJobState } from '@neurodata/protocol';
import { PgBoss } from 'pg-boss';
import type { Log } from '../common/logger.ts';
import type { Service } from '../common/service.ts';
import type { Database, Transaction } from '../db/openDatabase.ts';
import { createRunner } from './createRunner.ts';
import type { JobDefinition } from './JobDefinition.ts';
import { inTransaction, jobsDatabase } from './jobsDatabase.ts';
import { jobsSchema } from './jobsSchema.ts';
import { countJobs, findJob, forgetJobs, listJobs } from './readJobs.ts';
import { inTime } from './readJobs.ts';
import type { JobCount } from './readJobs.ts';

export type EnqueueOptions = {
  /** Of one name and key only one waits at a time; a second is not added. */
  key?: string;
  /** Not before then: a time, or seconds from now. */
  after?: Date | number;
  /** The job exists if this transaction commits, and then only. Inside a transaction it must be given. */
  tx?: Transaction;
};

/** What is written with a change or not at all. */
type Also = (tx: Transaction, job: { name: string }) => Promise<void>;

export type BackgroundJobs = Service & {
  /** Before `start`. Jobs of a name that nobody defines stay where they are. */
  define<T extends object>(name: string, definition: JobDefinition<T>): void;
  /** Returns its id; undefined where one of the same key waits already. */
  enqueue<T extends object>(name: string, data: T, options?: EnqueueOptions): Promise<string | undefined>;
  /** Newest first. What a job carries is not told: it may be about people. */
  list(filter?: { state?: BackgroundJobState | undefined; name?: string | undefined; limit?: number | undefined; offset?: number | undefined }): Promise<BackgroundJob[]>;
  /** Puts a dead or cancelled job back to work; `also` runs in the same transaction. */
  retry(jobId: string, also?: Also): Promise<void>;
  /** Ends a job that waits; `also` runs in the same transaction. */
  cancel(jobId: string, also?: Also): Promise<void>;
  /** Drops, in this transaction, all that wait or have ended, but for those that come at their times anyway; returns how many. */
  forget(tx: Transaction): Promise<number>;
  count(): Promise<JobCount[]>;
  /** Whether its last look at the database came to an end; why not otherwise. */
  problem(): string | undefined;
  /** Resolves when nothing is due and nothing runs. */
  idle(): Promise<void>;
};

export type CreateBackgroundJobsParameters = {
  db: Database;
  log: Log;
  /** Told of each try. */
  onTry?: (facts: { name: string; outcome: 'done' | 'failed'; seconds: number }) => void;
  /** How long running work may go on after `stop`, milliseconds; then it is aborted and put back. */
  graceMs?: number;
  /** How often the table is looked at where nothing is known to be due, milliseconds. */
  pollMs?: number;
};

const schema = jobsSchema;
/** Dead jobs wait as long for somebody who looks at them, and undone ones for somebody who can do them. */
const keptSeconds = 30 * 86_400;

/**
 * Work that is done after the answer, in time or again: kept in the database by pg-boss, so that it survives the process. The loop is our
 * own: one look at the table finds what is due under all names, and when the next is.
 */
export function createBackgroundJobs(parameters: CreateBackgroundJobsParameters): BackgroundJobs {
  const { db, log, graceMs = 10_000, pollMs = 5_000, onTry } = parameters;
  const definitions = new Map<string, JobDefinition<object>>();
  const boss = new PgBoss({
    db: jobsDatabase(db.pool), schema, backend: db.embedded ? 'pglite' : 'postgres',
    cronWorkerIntervalSeconds: 20, reindex: !db.embedded, monitorVacuum: !db.embedded, persistWarnings: false,
  });
  boss.on('error', (error) => log.warn({ error: error.message }, 'background jobs'));
  boss.on('warning', ({ message }) => log.warn({ warning: message }, 'background jobs'));
  const runner = createRunner({ boss, db, schema, definitions, log, graceMs, pollMs, onTry });
  let started = false;
  const getJob = async (jobId: string): Promise<{ name: string; state: BackgroundJobState }> => {
    const job = await findJob({ db, schema }, jobId);
    if (!job) throw new NeuroError('There is no such job.', { code: 'NOT_FOUND', remedy: 'List the jobs: finished ones go after a while.' });
    return job;
  };
  return {
    define: (name, definition) => {
      if (started) throw new NeuroError(`The job "${name}" was defined after the start.`, { code: 'INTERNAL' });
      if (!/^[\w./-]+$/.test(name)) throw new NeuroError(`"${name}" cannot name a job.`, { code: 'INTERNAL', remedy: 'Use letters, digits, and _ . / - only.' });
      definitions.set(name, definition as unknown as JobDefinition<object>);
    },
    start: async () => {
      if (started) return;
      started = true;
      try {
        await alone(db, async () => {
          await boss.start();
          await prepareQueues(boss, definitions);
        });
        await runner.start();
      } catch (error) {
        // Its timers would keep a process alive that has given up.
        await boss.stop({ graceful: false });
        throw error;
      }
    },
    stop: async () => {
      await runner.stop();
      await boss.stop({ graceful: false });
    },
    enqueue: async (name, data, { key, after, tx } = {}) => {
      const definition = definitions.get(name);
      if (!definition || !started) throw new NeuroError(`Nobody does "${name}" here${started ? '' : ' yet'}.`, { code: 'INTERNAL' });
      const jobId = await boss.send(name, data, { ...sendOptions(definition), singletonKey: key ?? randomUUID(), ...(after === undefined ? {} : { startAfter: after }), ...(tx ? { db: inTransaction(tx) } : {}) });
      runner.wake(tx !== undefined);
      return jobId ?? undefined;
    },
    list: (filter = {}) => listJobs({ db, schema }, filter),
    forget: (tx) => forgetJobs(tx, schema),
    count: () => countJobs({ db, schema }),
    retry: async (jobId, also) => {
      const { name, state } = await getJob(jobId);
      if (state === 'dead' || state === 'cancelled') {
        const act = state === 'dead' ? boss.retry.bind(boss) : boss.resume.bind(boss);
        await db.orm.transaction(async (tx) => {
          await act(name, jobId, { db: inTransaction(tx) });
          await also?.(tx, { name });
        });
      } else throw new NeuroError(`This job neither failed nor was cancelled: it is ${state}.`, { code: 'CONFLICT' });
      runner.wake(false);
    },
    cancel: async (jobId, also) => {
      const { name, state } = await getJob(jobId);
      if (state !== 'waiting' && state !== 'retrying') throw new NeuroError(`This job does not wait: it is ${state}.`, { code: 'CONFLICT' });
      await db.orm.transaction(async (tx) => {
        await boss.cancel(name, jobId, { db: inTransaction(tx) });
        await also?.(tx, { name });
      });
    },
    problem: runner.problem,
    idle: runner.idle,
  };
}

function sendOptions(definition: JobDefinition<object>) {
  const { retries, backoff, timeoutSeconds } = definition;
  return {
    retryLimit: retries, retryDelay: Math.max(1, Math.round(backoff)), retryBackoff: true, retryDelayMax: Math.max(3_600, Math.round(backoff)),
    // Longer than the try itself: what is still active then is of a process that is gone.
    expireInSeconds: timeoutSeconds + 60, deleteAfterSeconds: keptSeconds, retentionSeconds: keptSeconds,
  };
}

/** Any number that all nodes of one database agree on; another than that of the migrations. */
const startLock = 7_266_312;

/** pg-boss makes its schema without a lock: of two that start at once, one would fail. */
async function alone(db: Database, work: () => Promise<void>): Promise<void> {
  if (db.embedded) return work();
  const client = await db.pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [startLock]);
    await work();
  } finally {
    // Closed rather than given back: the lock goes with the connection, whatever happened to it.
    client.release(true);
  }
}

/** Queues and times as they are defined now; of what is no more only the times go, so that no job is lost. */
async function prepareQueues(boss: PgBoss, definitions: Map<string, JobDefinition<object>>): Promise<void> {
  const known = new Set((await boss.getQueues()).map(({ name }) => name));
  const schedules = new Map((await boss.getSchedules()).map((schedule) => [schedule.name, schedule.cron]));
  for (const [name, definition] of definitions) {
    // "Short": of one key one waits.
    if (!known.has(name)) await boss.createQueue(name, { policy: 'short' });
    // Read once now: later, a transaction that enqueues may hold the only session.
    await boss.getJobById(name, randomUUID());
    if (definition.every !== undefined) await boss.schedule(name, definition.every, {}, { ...sendOptions(definition), singletonKey: inTime });
    else if (schedules.has(name)) await boss.unschedule(name);
    schedules.delete(name);
  }
  for (const name of schedules.keys()) await boss.unschedule(name);
}
