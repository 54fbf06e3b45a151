import type { Progress } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import type { Hex } from 'viem';
import { storable } from '../common/storable.ts';
import type { Database } from './openDatabase.ts';
import { jobProgress } from './schema.ts';

/** Keeps a job's newest progress; a convenience, not derived from the chain. */
export async function writeProgress(db: Database, jobId: Hex, progress: Progress): Promise<void> {
  const { loss = null, secondsLeft = null, message, ...rest } = progress;
  const row = { ...rest, loss, secondsLeft, message: message === undefined ? null : storable(message) };
  await db.orm.insert(jobProgress).values({ jobId, ...row }).onConflictDoUpdate({ target: jobProgress.jobId, set: row });
}

export async function findProgress(db: Database, jobId: Hex): Promise<Progress | undefined> {
  const [row] = await db.orm.select().from(jobProgress).where(eq(jobProgress.jobId, jobId));
  return row && toProgress(row);
}

export function toProgress(row: typeof jobProgress.$inferSelect): Progress {
  const { stage, step, maxSteps, loss, lossCurve, secondsLeft, message, updatedAt } = row;
  return { stage, step, maxSteps, lossCurve, updatedAt, ...(loss === null ? {} : { loss }), ...(secondsLeft === null ? {} : { secondsLeft }), ...(message === null ? {} : { message }) };
}
