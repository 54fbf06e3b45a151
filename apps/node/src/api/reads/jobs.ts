import type { Config, JobDto } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import { inArray } from 'drizzle-orm';
import type { Database } from '../../db/openDatabase.ts';
import { toProgress } from '../../db/progress.ts';
import { assets, jobProgress, jobs } from '../../db/schema.ts';
import { activityOf } from './activity.ts';
import { challengesByJob } from './challenges.ts';
import { present } from './present.ts';
import { roundsById } from './rounds.ts';
import { titlesOf } from './summaries.ts';
import { jobDeadline } from './turns.ts';

type JobRow = typeof jobs.$inferSelect;

/** The documents of these rows, in their order. */
export async function toJobs(db: Database, config: Config, rows: JobRow[]): Promise<JobDto[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.jobId);
  const [titleOf, rounds, challengesOf, activity, progress, models] = await Promise.all([
    titlesOf(db, rows.map((row) => row.assetId)), roundsById(db, rows.map((row) => row.roundId)), challengesByJob(db, ids), activityOf(db, ids.map((id) => `job:${id}`)),
    db.orm.select().from(jobProgress).where(inArray(jobProgress.jobId, ids)), db.orm.select({ assetId: assets.assetId, jobId: assets.jobId }).from(assets).where(inArray(assets.jobId, ids)),
  ]);
  const progressOf = new Map(progress.map((row) => [row.jobId, toProgress(row)]));
  const modelOf = new Map(models.map((row) => [row.jobId, row.assetId]));
  return rows.map((row) => {
    const { jobId, listingId, assetId, version, buyer, specDigest, recipientKey, price, workerFee, validationFee, state, worker, bond, openedAt, changedAt, runUntil, contestableUntil, roundId, units, maxWorkerFee, lost } = row;
    const round = roundId === null ? undefined : rounds.get(roundId);
    return present({
      jobId, listingId, assetId, assetTitle: titleOf(assetId), version, buyer, specDigest, specCid: rawCidOfDigest(specDigest), recipientKey, price, workerFee,
      validationFee, state, worker, bond, units, maxWorkerFee, lost, openedAt, changedAt, deadline: jobDeadline({ state, openedAt, runUntil, contestableUntil, revealUntil: round?.revealUntil }, config.windows),
      receipt: receiptOf(row), round, challenges: challengesOf.get(jobId) ?? [], progress: progressOf.get(jobId), modelAssetId: modelOf.get(jobId), activity: activity.get(`job:${jobId}`) ?? [],
    });
  });
}

function receiptOf({ receiptDigest, modelDigest, checkpointRoot, engineId, checkpoints, totalSteps }: JobRow): JobDto['receipt'] {
  if (receiptDigest === null || modelDigest === null || checkpointRoot === null || engineId === null) return undefined;
  return { receiptDigest, receiptCid: rawCidOfDigest(receiptDigest), modelDigest, checkpointRoot, engineId, checkpoints: checkpoints ?? 0, totalSteps: totalSteps ?? 0 };
}
