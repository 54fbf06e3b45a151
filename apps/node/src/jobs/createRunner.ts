import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, PgBoss } from 'pg-boss';
import type { Log } from '../common/logger.ts';
import { retry } from '../common/retry.ts';
import { withRootSpan } from '../common/tracing.ts';
import type { Service } from '../common/service.ts';
import type { Database } from '../db/openDatabase.ts';
import type { JobDefinition } from './JobDefinition.ts';
import { findDue, giveBack, isBusy } from './readJobs.ts';

export type Runner = Service & {
  /** Looks at the table now; `soon` also shortly after, for what a transaction has not committed yet. */
  wake(soon: boolean): void;
  problem(): string | undefined;
  idle(): Promise<void>;
};

type Parameters = { boss: PgBoss; db: Database; schema: string; definitions: Map<string, JobDefinition<object>>; log: Log; graceMs: number; pollMs: number; onTry?: ((facts: { name: string; outcome: 'done' | 'failed'; seconds: number }) => void) | undefined };

/** Waits longer and longer while the database is away, milliseconds. */
const longestWaitMs = 30_000;
/** After a transaction enqueued something it takes a moment to commit. */
const soonMs = [30, 200, 1_000];

/** Takes due jobs from the table and does them, so many at once as their definitions allow. */
export function createRunner(parameters: Parameters): Runner {
  const { boss, db, schema, definitions, log, graceMs, pollMs, onTry } = parameters;
  const place = { db, schema };
  const running = new Map<string, { name: string; work: Promise<void> }>();
  const stopping = new AbortController();
  /** Aborts what still runs when the time after `stop` is over. */
  const halting = new AbortController();
  let bell = Promise.withResolvers<void>();
  let problem: string | undefined;
  let loop: Promise<void> | undefined;
  const ring = (): void => bell.resolve();
  const runningOf = (name: string): number => [...running.values()].filter((one) => one.name === name).length;

  async function round(): Promise<number> {
    let waitMs = pollMs;
    const due = await findDue(place, [...definitions.keys()]);
    for (const { name, ready, waitMs: next } of due) {
      if (ready === 0) waitMs = Math.min(waitMs, Math.max(next, 1));
      const free = (definitions.get(name)?.concurrency ?? 1) - runningOf(name);
      // What has no place now is taken when one ends, which rings.
      if (ready === 0 || free <= 0 || stopping.signal.aborted) continue;
      const jobs = await boss.fetch<object>(name, { batchSize: Math.min(free, ready) });
      for (const job of jobs) begin(job);
      if (jobs.length > 0 && free > jobs.length) waitMs = 0;
    }
    return waitMs;
  }

  function begin(job: Job): void {
    const work = run(job).catch((error: unknown) => log.error({ job: job.name, id: job.id, error: textOf(error) }, 'the end of a job could not be noted')).finally(() => {
      running.delete(job.id);
      ring();
    });
    running.set(job.id, { name: job.name, work });
  }

  async function run(job: Job): Promise<void> {
    const definition = definitions.get(job.name)!;
    const late = AbortSignal.timeout(definition.timeoutSeconds * 1_000);
    const signal = AbortSignal.any([late, halting.signal]);
    let outcome: { value: unknown } | { error: unknown };
    const began = performance.now();
    try {
      outcome = { value: await withRootSpan(`job ${job.name}`, { 'neurodata.job.retries': job.retryCount }, () => Promise.race([definition.work(job.data, signal), abortOf(signal)])) };
    } catch (error) {
      outcome = { error };
    }
    // Given back by `stop`.
    if (halting.signal.aborted && 'error' in outcome) return;
    onTry?.({ name: job.name, outcome: 'error' in outcome ? 'failed' : 'done', seconds: (performance.now() - began) / 1_000 });
    const id = { id: job.id, retryCount: job.retryCount };
    if ('error' in outcome) {
      const message = late.aborted ? `It took longer than ${definition.timeoutSeconds} s.` : textOf(outcome.error);
      log.warn({ job: job.name, id: job.id, retries: job.retryCount, error: message }, 'a job failed');
      await note(() => boss.fail(job.name, id, { message: message.slice(0, 1_000) }));
    } else if (definition.forget) {
      await note(() => boss.deleteJob(job.name, id));
    } else {
      const { value } = outcome;
      await note(() => boss.complete(job.name, id, value === undefined ? undefined : (typeof value === 'object' && value !== null ? value : { value })));
    }
  }

  /** The database may be away for a while; what cannot be noted in a minute runs again later. */
  async function note(work: () => Promise<unknown>): Promise<void> {
    await retry(work, { signal: AbortSignal.any([AbortSignal.timeout(60_000), halting.signal]), firstMs: 200, maxMs: 5_000 });
  }

  async function go(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted;) {
      bell = Promise.withResolvers<void>();
      let waitMs: number;
      try {
        waitMs = await round();
        if (problem !== undefined) log.info('background jobs are done again');
        problem = undefined;
        failures = 0;
      } catch (error) {
        problem ??= textOf(error);
        if (failures === 0) log.warn({ error: textOf(error) }, 'background jobs cannot be read; they wait');
        failures += 1;
        waitMs = Math.min(500 * 2 ** Math.min(failures, 10), longestWaitMs);
      }
      const ended = new AbortController();
      await Promise.race([bell.promise, sleep(waitMs, undefined, { signal: AbortSignal.any([ended.signal, stopping.signal]) }).catch(() => undefined)]);
      ended.abort();
    }
  }

  return {
    start: async () => {
      // The embedded database has one process: whatever runs in it ran in one that is gone.
      if (db.embedded) await giveBack(place);
      loop = go();
    },
    stop: async () => {
      stopping.abort();
      ring();
      await loop;
      if (running.size === 0) return;
      const all = Promise.all([...running.values()].map(({ work }) => work));
      await Promise.race([all, sleep(graceMs)]);
      const left = [...running.keys()];
      halting.abort();
      if (left.length === 0) return;
      log.warn({ jobs: left.length }, 'stopped before these jobs were done; they are put back');
      await Promise.race([all, sleep(1_000)]);
      await giveBack(place, left);
    },
    wake: (soon) => {
      ring();
      if (soon) for (const ms of soonMs) setTimeout(ring, ms).unref();
    },
    problem: () => problem,
    idle: async () => {
      for (;;) {
        if (running.size === 0 && !(await isBusy(place, [...definitions.keys()]))) return;
        ring();
        await sleep(10);
      }
    },
  };
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
