import type { MilestoneState } from '@neurodata/protocol';
import { and, eq, sql } from 'drizzle-orm';
import { pad, toHex } from 'viem';
import type { Hex } from 'viem';
import { storable } from '../../common/storable.ts';
import type { Transaction } from '../../db/openDatabase.ts';
import { cancelOffers, dealTerms, deals, milestones } from '../../db/schema.ts';
import type { DealOutcome } from '../../db/schema.ts';
import type { EventPlace } from '../contracts.ts';
import type { Noun } from '../noun.ts';

const id = (args: { dealId: Hex }): Hex => args.dealId;
type About<A = object> = EventPlace & { args: { dealId: Hex; index: number } & A };

const partOf = (args: { dealId: Hex; index: number }) => and(eq(milestones.dealId, args.dealId), eq(milestones.position, args.index));

const touch = async (tx: Transaction, { args, timestamp }: EventPlace & { args: { dealId: Hex } }): Promise<void> => {
  await tx.update(deals).set({ changedAt: timestamp }).where(eq(deals.dealId, args.dealId));
};

const movesTo = (state: MilestoneState) => ({
  id,
  apply: async (tx: Transaction, event: About): Promise<void> => {
    await tx.update(milestones).set({ state, changedAt: event.timestamp }).where(partOf(event.args));
    await touch(tx, event);
  },
});

/** Gives parts of a milestone to its sides; it is closed once nothing is left. */
async function pay(tx: Transaction, event: About, toSeller: bigint, toBuyer: bigint): Promise<void> {
  const { args, timestamp } = event;
  const paid = (toSeller + toBuyer).toString();
  await tx.update(milestones).set({
    left: sql`${milestones.left} - ${paid}::numeric`, toSeller: sql`${milestones.toSeller} + ${toSeller.toString()}::numeric`, toBuyer: sql`${milestones.toBuyer} + ${toBuyer.toString()}::numeric`,
  }).where(partOf(args));
  await tx.update(milestones).set({ state: 'closed', changedAt: timestamp }).where(and(partOf(args), sql`${milestones.left} = 0`));
  await tx.update(deals).set({ left: sql`${deals.left} - ${paid}::numeric`, changedAt: timestamp }).where(eq(deals.dealId, args.dealId));
}

const endsAs = (outcome: DealOutcome) => ({
  id,
  apply: async (tx: Transaction, { args, timestamp }: EventPlace & { args: { dealId: Hex } }): Promise<void> => {
    await tx.update(deals).set({ left: 0n, outcome, changedAt: timestamp }).where(eq(deals.dealId, args.dealId));
    await tx.update(milestones).set({ left: 0n, state: 'closed', changedAt: timestamp }).where(and(eq(milestones.dealId, args.dealId), sql`${milestones.state} <> 'closed'`));
  },
});

/** A deal with its milestones and standing offers to end it. */
export const dealNoun: Noun = {
  name: 'deal',
  erase: async (tx, text) => {
    for (const table of [deals, dealTerms, milestones, cancelOffers]) await tx.delete(table).where(eq(table.dealId, text as Hex));
  },
  handlers: {
    milestoneEscrow: {
      MetaEvidence: {
        id: (args) => pad(toHex(args._metaEvidenceID)),
        apply: async (tx, { args }) => {
          await tx.insert(dealTerms).values({ dealId: pad(toHex(args._metaEvidenceID)), address: storable(args._evidence) });
        },
      },
      DealOpened: {
        id,
        apply: async (tx, { args, timestamp, block, logIndex }) => {
          const { dealId, buyer, seller, arbiter, token, amounts, deadlines } = args;
          const total = amounts.reduce((sum, amount) => sum + amount, 0n);
          await tx.insert(deals).values({ dealId, buyer, seller, arbiter, token, total, left: total, openedAt: timestamp, changedAt: timestamp, openedBlock: block, openedIndex: logIndex });
          await tx.insert(milestones).values(amounts.map((amount, position) => ({
            dealId, position, amount, left: amount, toSeller: 0n, toBuyer: 0n, deadline: deadlines[position] ?? 0, state: 'waiting' as const, changedAt: timestamp,
          })));
        },
      },
      MilestoneDelivered: {
        id,
        apply: async (tx, event) => {
          const { args, timestamp } = event;
          await tx.update(milestones).set({ state: 'delivered', digest: args.digest, changedAt: timestamp }).where(partOf(args));
          await touch(tx, event);
        },
      },
      MilestoneContested: movesTo('contested'),
      MilestoneEscalated: {
        id,
        apply: async (tx, event) => {
          const { args, timestamp } = event;
          await tx.update(milestones).set({ state: 'escalated', disputeId: Number(args.disputeId), changedAt: timestamp }).where(partOf(args));
          await touch(tx, event);
        },
      },
      MilestoneReleased: { id, apply: (tx, event) => pay(tx, event, event.args.amount, 0n) },
      MilestoneRefunded: { id, apply: (tx, event) => pay(tx, event, 0n, event.args.amount) },
      MilestoneSplit: { id, apply: (tx, event) => pay(tx, event, event.args.toSeller, event.args.toBuyer) },
      CancelOffered: {
        id,
        apply: async (tx, { args, timestamp }) => {
          const { dealId, party, toSeller } = args;
          // One offer stands at a time: a party's takes the place of the other's.
          await tx.delete(cancelOffers).where(eq(cancelOffers.dealId, dealId));
          await tx.insert(cancelOffers).values({ dealId, party, toSeller, at: timestamp });
        },
      },
      DealCancelled: endsAs('cancelled'),
      DealRecovered: endsAs('recovered'),
    },
  },
};
