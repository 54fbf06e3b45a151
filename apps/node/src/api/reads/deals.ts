import { milestoneEscrowAbi } from '@neurodata/protocol';
import type { Config, DealDto } from '@neurodata/protocol';
import { asc, inArray } from 'drizzle-orm';
import { isAddressEqual, zeroAddress } from 'viem';
import type { Hex, PublicClient } from 'viem';
import type { Database } from '../../db/openDatabase.ts';
import { cancelOffers, dealTerms, deals, milestones } from '../../db/schema.ts';
import { activityOf } from './activity.ts';
import { present } from './present.ts';

type DealRow = typeof deals.$inferSelect;
type MilestoneRow = typeof milestones.$inferSelect;
type Windows = { reviewWindow: number; arbitrationWindow: number };
export type DealReader = { db: Database; config: Config; client: PublicClient };

/** The documents of these rows, in their order. How long a deal's windows are is asked of the contract: no event says it. */
export async function toDeals({ db, config, client }: DealReader, rows: DealRow[]): Promise<DealDto[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.dealId);
  const [parts, terms, offers, activity, windows] = await Promise.all([
    db.orm.select().from(milestones).where(inArray(milestones.dealId, ids)).orderBy(asc(milestones.position)),
    db.orm.select().from(dealTerms).where(inArray(dealTerms.dealId, ids)),
    db.orm.select().from(cancelOffers).where(inArray(cancelOffers.dealId, ids)),
    activityOf(db, ids.map((dealId) => `deal:${dealId}`)),
    readWindows({ config, client }, rows),
  ]);
  const partsOf = Map.groupBy(parts, (part) => part.dealId);
  return rows.map(({ outcome, ...row }) => {
    const offer = row.left === 0n ? undefined : offers.find(({ dealId }) => dealId === row.dealId);
    const window = windows.get(row.dealId);
    return present({
      ...row, arbiter: row.arbiter === zeroAddress ? undefined : row.arbiter, jurors: isAddressEqual(row.arbiter, config.deployment.addresses.disputes),
      state: row.left > 0n ? 'open' as const : (outcome ?? 'ended' as const), terms: terms.find(({ dealId }) => dealId === row.dealId)?.address ?? '',
      milestones: (partsOf.get(row.dealId) ?? []).map((part) => toMilestone(part, window)),
      offer: offer && { party: offer.party, toSeller: offer.toSeller, at: offer.at }, activity: activity.get(`deal:${row.dealId}`) ?? [],
    });
  });
}

async function readWindows({ config, client }: Pick<DealReader, 'config' | 'client'>, rows: DealRow[]): Promise<Map<Hex, Windows>> {
  const running = rows.filter((row) => row.left > 0n);
  const found = await Promise.all(running.map(({ dealId }) => client.readContract({ address: config.deployment.addresses.milestoneEscrow, abi: milestoneEscrowAbi, functionName: 'deal', args: [dealId] })));
  return new Map(running.flatMap(({ dealId }, index) => {
    const deal = found[index];
    return deal ? [[dealId, { reviewWindow: deal.reviewWindow, arbitrationWindow: deal.arbitrationWindow }]] : [];
  }));
}

function toMilestone(part: MilestoneRow, windows: Windows | undefined): DealDto['milestones'][number] {
  const { position, amount, left, toSeller, toBuyer, state, deadline, digest, disputeId } = part;
  return present({ index: position, amount, left, toSeller, toBuyer, state, deadline, digest, disputeId, until: untilOf(part, windows) });
}

function untilOf({ state, deadline, changedAt }: MilestoneRow, windows: Windows | undefined): number | undefined {
  if (state === 'waiting') return deadline;
  if (state === 'delivered') return windows && changedAt + windows.reviewWindow;
  if (state === 'contested') return windows && changedAt + windows.arbitrationWindow;
  return undefined;
}
