import type { AssetKind, DisputeDto, EvidenceDto } from '@neurodata/protocol';
import { and, asc, eq, inArray, or } from 'drizzle-orm';
import { encodeAbiParameters, keccak256, parseAbiParameters } from 'viem';
import type { Hex } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { assets, disputes, evidence, juries, milestones, orders, seats } from '../../db/schema.ts';
import { activityOf } from './activity.ts';
import { readClock } from './clock.ts';
import { disputePhase, rulingsOf, votesOf } from './disputePhase.ts';
import { present } from './present.ts';
import { titlesOf } from './summaries.ts';

type DisputeRow = typeof disputes.$inferSelect;
type JuryRow = typeof juries.$inferSelect;
type SeatRow = typeof seats.$inferSelect;
type Deal = { dealId: Hex; index: number };
type About = Pick<DisputeDto, 'deal' | 'orderId' | 'asset'>;

/** The documents of these rows, in their order. */
export async function toDisputes(db: Database, rows: DisputeRow[]): Promise<DisputeDto[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.disputeId);
  const [now, juryRows, seatRows, aboutOf, activity] = await Promise.all([
    readClock(db),
    db.orm.select().from(juries).where(inArray(juries.disputeId, ids)).orderBy(asc(juries.number)),
    db.orm.select().from(seats).where(inArray(seats.disputeId, ids)).orderBy(asc(seats.position)),
    readAbout(db, ids),
    activityOf(db, ids.map((id) => `dispute:${id}`)),
  ]);
  const evidenceOf = await readEvidence(db, ids, aboutOf);
  return rows.map((row) => {
    const rounds = withSeats(juryRows.filter(({ disputeId }) => disputeId === row.disputeId), seatRows.filter(({ disputeId }) => disputeId === row.disputeId));
    const rulings = rulingsOf(rounds);
    const last = rounds.at(-1);
    return present({
      ...row, ...aboutOf.get(row.disputeId), deadline: undefined, ...(last ? disputePhase({ ended: row.ended, last }, now) : { phase: 'none' as const }),
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

/** What each dispute is about: the milestone of a deal, an order, or a suspended asset. */
async function readAbout(db: Database, ids: number[]): Promise<Map<number, About>> {
  const [dealRows, orderRows, assetRows] = await Promise.all([
    db.orm.select({ disputeId: milestones.disputeId, dealId: milestones.dealId, index: milestones.position }).from(milestones).where(inArray(milestones.disputeId, ids)),
    db.orm.select({ disputeId: orders.juryDispute, orderId: orders.orderId, assetId: orders.assetId, kind: assets.kind }).from(orders).innerJoin(assets, eq(assets.assetId, orders.assetId)).where(inArray(orders.juryDispute, ids)),
    db.orm.select({ disputeId: assets.appealId, assetId: assets.assetId, kind: assets.kind }).from(assets).where(inArray(assets.appealId, ids)),
  ]);
  const titleOf = await titlesOf(db, [...orderRows, ...assetRows].map(({ assetId }) => assetId));
  const asset = ({ assetId, kind }: { assetId: number; kind: AssetKind }) => ({ assetId, kind, title: titleOf(assetId) });
  const pairs: [number | null, About][] = [
    ...dealRows.map(({ disputeId, ...deal }): [number | null, About] => [disputeId, { deal }]),
    ...orderRows.map((row): [number | null, About] => [row.disputeId, { orderId: row.orderId, asset: asset(row) }]),
    ...assetRows.map((row): [number | null, About] => [row.disputeId, { asset: asset(row) }]),
  ];
  return new Map(pairs.flatMap(([disputeId, about]) => (disputeId === null ? [] : [[disputeId, about]])));
}

/** Mirrors `MilestoneEscrow.evidenceGroupOf`. */
function evidenceGroupOf({ dealId, index }: Deal): string {
  return String(BigInt(keccak256(encodeAbiParameters(parseAbiParameters('bytes32, uint8'), [dealId, index]))));
}

type Group = { contract: 'disputes' | 'milestoneEscrow' | 'orderDisputes' | 'curation'; groupId: string };

/** Where evidence about a dispute's subject is kept; mirrors the contracts that ask the jurors. */
function groupOf({ deal, orderId, asset }: About): Group[] {
  if (deal) return [{ contract: 'milestoneEscrow', groupId: evidenceGroupOf(deal) }];
  if (orderId) return [{ contract: 'orderDisputes', groupId: String(BigInt(orderId)) }];
  return asset ? [{ contract: 'curation', groupId: String(asset.assetId) }] : [];
}

/** What was said to each dispute itself, and to what it is about, oldest first. */
async function readEvidence(db: Database, ids: number[], aboutOf: Map<number, About>): Promise<Map<number, EvidenceDto[]>> {
  const groups = ids.flatMap((id) => [{ contract: 'disputes' as const, groupId: String(id) }, ...groupOf(aboutOf.get(id) ?? {})].map((group) => ({ id, ...group })));
  const rows = await db.orm.select().from(evidence).where(or(...groups.map(({ contract, groupId }) => and(eq(evidence.contract, contract), eq(evidence.groupId, groupId)))))
    .orderBy(asc(evidence.block), asc(evidence.logIndex));
  const named = rows.flatMap(({ contract, groupId, ...row }) => groups.filter((group) => group.contract === contract && group.groupId === groupId).map(({ id }) => ({ id, row })));
  return new Map(Map.groupBy(named, ({ id }) => id).entries().map(([id, group]) => [id, group.map(({ row }) => row)]));
}
