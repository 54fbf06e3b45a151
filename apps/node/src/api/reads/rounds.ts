import type { RoundDto } from '@neurodata/protocol';
import { asc, desc, eq, inArray } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { zeroAddress } from 'viem';
import type { Hex } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { attestations, rounds, validators } from '../../db/schema.ts';
import { present } from './present.ts';

/** Rounds by id. */
export async function roundsById(db: Database, ids: readonly (Hex | null)[]): Promise<Map<Hex, RoundDto>> {
  const wanted = ids.filter((id) => id !== null);
  const found = wanted.length === 0 ? [] : await readRounds(db, inArray(rounds.roundId, wanted));
  return new Map(found.map((round) => [round.roundId, round]));
}

/** The newest round about each subject. */
export async function newestRounds(db: Database, subjects: readonly Hex[]): Promise<Map<Hex, RoundDto>> {
  const found = subjects.length === 0 ? [] : await readRounds(db, inArray(rounds.subject, [...subjects]));
  return new Map(found.toReversed().map((round) => [round.subject, round]));
}

/** The newest rounds about anything, newest first. */
export const lastRounds = (db: Database, limit: number): Promise<RoundDto[]> => readRounds(db, undefined, limit);

/** Newest first. */
async function readRounds(db: Database, where: SQL | undefined, limit?: number): Promise<RoundDto[]> {
  const all = db.orm.select().from(rounds).where(where).orderBy(desc(rounds.openedBlock), desc(rounds.openedIndex));
  const rows = await (limit === undefined ? all : all.limit(limit));
  if (rows.length === 0) return [];
  const members = await db.orm.select({ attestation: attestations, account: validators.account }).from(attestations)
    .leftJoin(validators, eq(validators.validatorId, attestations.validatorId))
    .where(inArray(attestations.roundId, rows.map((row) => row.roundId))).orderBy(asc(attestations.position));
  const byRound = Map.groupBy(members, (member) => member.attestation.roundId);
  return rows.map((row) => {
    const { roundId, kind, subject, fee, verdict, settled, openedAt, commitUntil, revealUntil } = row;
    const committee = (byRound.get(roundId) ?? []).map(({ attestation, account }) => {
      const { validatorId, committed, verdict, evidence, transaction, reward, fault, penalty, accusers } = attestation;
      return present({ validatorId, account: account ?? zeroAddress, committed, verdict, evidence, transaction, reward, fault, penalty, accusers });
    });
    return present({ roundId, kind, subject, fee, verdict, settled, openedAt, commitUntil, revealUntil, committee });
  });
}
