import type { ChallengeDto } from '@neurodata/protocol';
import { asc, inArray } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { challenges } from '../../db/schema.ts';
import { activityOf } from './activity.ts';
import { present } from './present.ts';
import { roundsById } from './rounds.ts';

/** The challenges of each job, oldest first, with their moves. */
export async function challengesByJob(db: Database, jobIds: readonly Hex[]): Promise<Map<Hex, ChallengeDto[]>> {
  const rows = await db.orm.select().from(challenges).where(inArray(challenges.jobId, [...jobIds])).orderBy(asc(challenges.challengeId));
  const [rounds, moves] = await Promise.all([roundsById(db, rows.map((row) => row.roundId)), activityOf(db, rows.map((row) => `challenge:${row.challengeId}`))]);
  return Map.groupBy(rows, (row) => row.jobId).entries().reduce((found, [jobId, group]) => found.set(jobId, group.map((row): ChallengeDto => {
    const { challengeId, challenger, kind, stage, outcome, counterRoot, bond, low, high, moveUntil, roundId, openedAt } = row;
    return present({
      challengeId, jobId, challenger, kind, stage, outcome, counterRoot, bond, low, high, openedAt, moveUntil: stage === 'playing' ? moveUntil : undefined,
      round: roundId === null ? undefined : rounds.get(roundId), activity: moves.get(`challenge:${challengeId}`) ?? [],
    });
  })), new Map<Hex, ChallengeDto[]>());
}
