import type { DisputeDto, EvidenceDto } from '@neurodata/protocol';
import { and, asc, eq, inArray, or } from 'drizzle-orm';
import { encodeAbiParameters, keccak256, parseAbiParameters } from 'viem';
import type { Hex } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { disputes, evidence, juries, milestones, seats } from '../../db/schema.ts';
import { activityOf } from './activity.ts';
import { readClock } from './clock.ts';
import { disputePhase, rulingsOf, votesOf } from './disputePhase.ts';
import { present } from './present.ts';

type DisputeRow = typeof disputes.$inferSelect;
type JuryRow = typeof juries.$inferSelect;
type SeatRow = typeof seats.$inferSelect;
type Deal = { dealId: Hex; index: number };

/** The documents of these rows, in their order. */
export async function toDisputes(db: Database, rows: DisputeRow[]): Promise<DisputeDto[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.disputeId);
  const [now, juryRows, seatRows, dealOf, activity] = await Promise.all([
    readClock(db),
    db.orm.select().from(juries).where(inArray(juries.disputeId, ids)).orderBy(asc(juries.number)),
    db.orm.select().from(seats).where(inArray(seats.disputeId, ids)).orderBy(asc(seats.position)),
    readDeals(db, ids),
    activityOf(db, ids.map((id) => `dispute:${id}`)),
  ]);
  const evidenceOf = await readEvidence(db, ids, dealOf);
  return rows.map((row) => {
    const rounds = withSeats(juryRows.filter(({ disputeId }) => disputeId === row.disputeId), seatRows.filter(({ disputeId }) => disputeId === row.disputeId));
    const rulings = rulingsOf(rounds);
    const last = rounds.at(-1);
    return present({
      ...row, deal: dealOf.get(row.disputeId), deadline: undefined, ...(last ? disputePhase({ ended: row.ended, last }, now) : { phase: 'none' as const }),
      ruling: row.ended ? row.ruling : (rulings.at(-1) ?? 0), rounds: rounds.map((round, index) => toJury(round, rulings[index] ?? 0)),
      evidence: evidenceOf.get(row.disputeId) ?? [], activity: activity.get(`dispute:${row.disputeId}`) ?? [],
    });
  });
}

type JuryWithSeats = JuryRow & { seats: SeatRow[] };

function withSeats(rounds: JuryRow[], all: SeatRow[]): JuryWithSeats[] {
  return rounds.map((round) => ({ ...round, seats: all.filter(({ number }) => number === round.number) }));
}

function toJury(round: JuryWithSeats, ruling: number): DisputeDto['rounds'][number] {
  const { seats: own, ...rest } = round;
  return present({ ...rest, ruling, votes: votesOf(round), seats: own.map(({ juror, count, state, vote, penalty }) => present({ juror, count, state, vote, penalty })) });
}

async function readDeals(db: Database, ids: number[]): Promise<Map<number, Deal>> {
  const rows = await db.orm.select({ disputeId: milestones.disputeId, dealId: milestones.dealId, index: milestones.position }).from(milestones).where(inArray(milestones.disputeId, ids));
  return new Map(rows.flatMap(({ disputeId, ...deal }) => (disputeId === null ? [] : [[disputeId, deal]])));
}

/** Mirrors `MilestoneEscrow.evidenceGroupOf`. */
function evidenceGroupOf({ dealId, index }: Deal): string {
  return String(BigInt(keccak256(encodeAbiParameters(parseAbiParameters('bytes32, uint8'), [dealId, index]))));
}

/** What was said to each dispute itself, and to the milestone that it is about, oldest first. */
async function readEvidence(db: Database, ids: number[], dealOf: Map<number, Deal>): Promise<Map<number, EvidenceDto[]>> {
  const groups = ids.flatMap((id) => {
    const deal = dealOf.get(id);
    return [{ id, contract: 'disputes' as const, groupId: String(id) }, ...(deal ? [{ id, contract: 'milestoneEscrow' as const, groupId: evidenceGroupOf(deal) }] : [])];
  });
  const rows = await db.orm.select().from(evidence).where(or(...groups.map(({ contract, groupId }) => and(eq(evidence.contract, contract), eq(evidence.groupId, groupId)))))
    .orderBy(asc(evidence.block), asc(evidence.logIndex));
  const named = rows.flatMap(({ contract, groupId, ...row }) => groups.filter((group) => group.contract === contract && group.groupId === groupId).map(({ id }) => ({ id, row })));
  return new Map(Map.groupBy(named, ({ id }) => id).entries().map(([id, group]) => [id, group.map(({ row }) => row)]));
}
