import type { Verdict } from '@neurodata/protocol';
import { and, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Database } from './openDatabase.ts';
import { duties } from './schema.ts';

/** What opens a commitment. */
export type Opening = { verdict: Verdict; evidence: Hex; salt: Hex };

/** A validator's verdict in one round and how far it has got. `salt` opens the commitment: losing it loses the reward. */
export type Duty = Opening & {
  validatorId: number;
  roundId: Hex;
  stage: 'decided' | 'committed' | 'revealed';
  /** Of a run: the digests of the checkpoints that this validator found. */
  digests?: Hex[];
  /** Of a run: by validator id, the evidence of whoever has done the work and accepts. */
  proofs?: Record<string, Hex>;
  /** Of the draw that it was found for. */
  seed?: Hex;
  /** Of earlier draws that a reorganisation took back, newest first: a commitment to one of them may have come through all the same. */
  former?: Opening[];
};

const ofDraw = ['verdict', 'evidence', 'salt', 'digests', 'proofs', 'seed', 'former'] as const;

function ofNewestDraw(name: (typeof ofDraw)[number]): SQL {
  const next = sql.raw(`excluded."${duties[name].name}"`);
  return sql`CASE WHEN ${duties.seed} IS DISTINCT FROM excluded."seed" THEN ${next} ELSE ${duties[name]} END`;
}

/** Rounds in which a validator has a duty. */
export async function listDuties(db: Database, validatorId: number): Promise<Hex[]> {
  const rows = await db.orm.select({ roundId: duties.roundId }).from(duties).where(eq(duties.validatorId, validatorId));
  return rows.map(({ roundId }) => roundId);
}

export async function removeDuty(db: Database, { validatorId, roundId }: Pick<Duty, 'validatorId' | 'roundId'>): Promise<void> {
  await db.orm.delete(duties).where(and(eq(duties.validatorId, validatorId), eq(duties.roundId, roundId)));
}

/** Where a validator in a gateway's process keeps its duties. */
export function dutyRows(db: Database) {
  return { save: (duty: Duty) => saveDuty(db, duty), find: (key: Pick<Duty, 'validatorId' | 'roundId'>) => findDuty(db, key), list: (validatorId: number) => listDuties(db, validatorId), remove: (key: Pick<Duty, 'validatorId' | 'roundId'>) => removeDuty(db, key) };
}

/** Inserts the duty or moves its stage on. The verdict, evidence and salt that were saved first for a draw stay: a commitment may be on its way. */
export async function saveDuty(db: Database, duty: Duty): Promise<void> {
  const updatedAt = Math.floor(Date.now() / 1000);
  await db.orm.insert(duties).values({ ...duty, updatedAt })
    .onConflictDoUpdate({ target: [duties.validatorId, duties.roundId], set: { stage: duty.stage, updatedAt, ...Object.fromEntries(ofDraw.map((name) => [name, ofNewestDraw(name)])) } });
}

export async function findDuty(db: Database, parameters: { validatorId: number; roundId: Hex }): Promise<Duty | undefined> {
  const { validatorId, roundId } = parameters;
  const [row] = await db.orm.select().from(duties).where(and(eq(duties.validatorId, validatorId), eq(duties.roundId, roundId)));
  if (!row) return undefined;
  const { updatedAt: _, digests, proofs, seed, former, ...duty } = row;
  return { ...duty, ...(digests === null ? {} : { digests }), ...(proofs === null ? {} : { proofs }), ...(seed === null ? {} : { seed }), ...(former === null ? {} : { former }) };
}
