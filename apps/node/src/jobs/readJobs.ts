import type { BackgroundJob, BackgroundJobState } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../db/openDatabase.ts';

type Place = { db: Database; schema: string };

/** pg-boss's words for a state. */
export const bossStates: Record<BackgroundJobState, string> = { waiting: 'created', retrying: 'retry', running: 'active', done: 'completed', cancelled: 'cancelled', dead: 'failed' };
const stateOf = Object.fromEntries(Object.entries(bossStates).map(([ours, theirs]) => [theirs, ours])) as Record<string, BackgroundJobState>;

export type JobCount = { name: string; state: BackgroundJobState; count: number };

type Row = { id: string; name: string; state: string; retry_count: number; retry_limit: number; created: Date; start_after: Date; started: Date | null; completed: Date | null; output: unknown };

/** Of jobs that somebody defined, not of pg-boss's own. */
const ours = "name NOT LIKE '\\_\\_pgboss%'";

export async function listJobs({ db, schema }: Place, filter: { state?: BackgroundJobState | undefined; name?: string | undefined; limit?: number | undefined; offset?: number | undefined }): Promise<BackgroundJob[]> {
  const { state, name, limit = 100, offset = 0 } = filter;
  const { rows } = await db.pool.query<Row>(
    `SELECT id, name, state::text, retry_count, retry_limit, created_on AS created, start_after, started_on AS started, completed_on AS completed, output FROM ${schema}.job
     WHERE ${ours} AND ($1::text IS NULL OR state::text = $1) AND ($2::text IS NULL OR name = $2) ORDER BY created_on DESC, id LIMIT $3 OFFSET $4`,
    [state === undefined ? null : bossStates[state], name ?? null, limit, offset],
  );
  const seconds = (date: Date): number => Math.floor(date.getTime() / 1_000);
  return rows.map((row) => ({
    jobId: row.id, name: row.name, state: stateOf[row.state]!, retries: row.retry_count, retryLimit: row.retry_limit, createdAt: seconds(row.created), dueAt: seconds(row.start_after),
    ...(row.started ? { startedAt: seconds(row.started) } : {}), ...(row.completed ? { endedAt: seconds(row.completed) } : {}), ...outputOf(row),
  }));
}

/** A failure is kept as `{message}`, a result as `{value}` around it where it is no object. */
function outputOf({ state, output }: Row): { error?: string; result?: unknown } {
  if (output === null || output === undefined) return {};
  const { message } = output as { message?: unknown };
  return state !== 'completed' ? { error: typeof message === 'string' ? message : 'it failed without a word' } : { result: output };
}

export async function countJobs({ db, schema }: Place): Promise<JobCount[]> {
  const { rows } = await db.pool.query<{ name: string; state: string; n: bigint }>(`SELECT name, state::text, count(*) AS n FROM ${schema}.job WHERE ${ours} GROUP BY name, state`);
  return rows.map(({ name, state, n }) => ({ name, state: stateOf[state]!, count: Number(n) }));
}

export async function findJob({ db, schema }: Place, jobId: string): Promise<{ name: string; state: BackgroundJobState } | undefined> {
  const { rows } = await db.pool.query<{ name: string; state: string }>(`SELECT name, state::text FROM ${schema}.job WHERE id = $1 AND ${ours}`, [jobId]);
  return rows[0] && { name: rows[0].name, state: stateOf[rows[0].state]! };
}

/** The key of jobs that come at their times. */
export const inTime = 'every';

export async function forgetJobs(tx: Transaction, schema: string): Promise<number> {
  const { rowCount } = await tx.execute(sql.raw(`DELETE FROM ${schema}.job WHERE ${ours} AND state <> 'active' AND singleton_key IS DISTINCT FROM '${inTime}'`));
  return rowCount ?? 0;
}

export type Due = { name: string; ready: number; /** Milliseconds until the next one is due; not above 0 where one is. */ waitMs: number };

/** What is due under these names, and when the next is. */
export async function findDue({ db, schema }: Place, names: string[]): Promise<Due[]> {
  const { rows } = await db.pool.query<{ name: string; ready: bigint; wait: number }>(
    `SELECT name, count(*) FILTER (WHERE start_after <= now()) AS ready, (extract(epoch FROM min(start_after) - now()) * 1000)::float8 AS wait FROM ${schema}.job
     WHERE name = ANY($1::text[]) AND state < 'active' AND NOT blocked GROUP BY name`,
    [names],
  );
  return rows.map(({ name, ready, wait }) => ({ name, ready: Number(ready), waitMs: Math.ceil(wait) }));
}

/** Puts running jobs back to where they were before this try; all of them where no ids are given. It does not count as a retry. */
export async function giveBack({ db, schema }: Place, ids?: string[]): Promise<void> {
  await db.pool.query(`UPDATE ${schema}.job SET state = 'retry', started_on = NULL, heartbeat_on = NULL, start_after = now() WHERE state = 'active' AND ${ours} AND ($1::uuid[] IS NULL OR id = ANY($1::uuid[]))`, [ids ?? null]);
}

/** Whether any of these is due or being done. */
export async function isBusy({ db, schema }: Place, names: string[]): Promise<boolean> {
  const { rows } = await db.pool.query(`SELECT 1 FROM ${schema}.job WHERE name = ANY($1::text[]) AND (state = 'active' OR (state < 'active' AND start_after <= now())) LIMIT 1`, [names]);
  return rows.length > 0;
}
