import { NeuroError } from '@neurodata/protocol';
import { and, count, desc, eq, sql } from 'drizzle-orm';
import type { Address } from 'viem';
import type { Transaction } from '../../db/openDatabase.ts';
import { disputeWindows, disputes, juries, jurors, seats } from '../../db/schema.ts';
import type { EventPlace } from '../contracts.ts';
import type { Noun } from '../noun.ts';

const id = (args: { disputeId: bigint }): bigint => args.disputeId;

const juryOf = (args: { disputeId: bigint; round: number }) => and(eq(juries.disputeId, Number(args.disputeId)), eq(juries.number, args.round));

async function setSeat(tx: Transaction, event: EventPlace & { args: { disputeId: bigint; round: number; juror: Address } }, set: Partial<typeof seats.$inferInsert>): Promise<void> {
  const { args, timestamp } = event;
  await tx.update(seats).set(set).where(and(eq(seats.disputeId, Number(args.disputeId)), eq(seats.number, args.round), eq(seats.juror, args.juror)));
  await change(tx, args, { changedAt: timestamp });
}

async function change(tx: Transaction, args: { disputeId: bigint }, set: Partial<typeof disputes.$inferInsert>): Promise<void> {
  await tx.update(disputes).set(set).where(eq(disputes.disputeId, Number(args.disputeId)));
}

/** The windows that hold at an event: those of the last change before it. */
async function windowsAt(tx: Transaction, { block, logIndex }: EventPlace): Promise<typeof disputeWindows.$inferSelect> {
  const [row] = await tx.select().from(disputeWindows).where(sql`(${disputeWindows.block}, ${disputeWindows.logIndex}) < (${block}, ${logIndex})`)
    .orderBy(desc(disputeWindows.block), desc(disputeWindows.logIndex)).limit(1);
  if (!row) throw new NeuroError('The jurors\' windows are not known.', { code: 'INTERNAL', remedy: 'Remove the database; it is rebuilt from the chain.' });
  return row;
}

/** A dispute with its rounds and seats. */
export const disputeNoun: Noun = {
  name: 'dispute',
  erase: async (tx, text) => {
    for (const table of [disputes, juries, seats]) await tx.delete(table).where(eq(table.disputeId, Number(text)));
  },
  handlers: {
    disputes: {
      DisputeCreation: {
        id: (args) => args._disputeID,
        apply: async (tx, { args, timestamp, block, logIndex }) => {
          await tx.insert(disputes).values({
            disputeId: Number(args._disputeID), arbitrable: args._arbitrable, ended: false, ruling: 0, byGovernance: false, executed: false, burnt: 0n,
            openedAt: timestamp, changedAt: timestamp, openedBlock: block, openedIndex: logIndex,
          });
        },
      },
      RoundOpened: {
        id,
        apply: async (tx, event) => {
          const { disputeId, round, size, fee, bond, payer } = event.args;
          const { drawWindow, governanceWindow } = await windowsAt(tx, event);
          const until = size === 0 ? { appealUntil: event.timestamp + governanceWindow } : { drawUntil: event.timestamp + drawWindow };
          await tx.insert(juries).values({ disputeId: Number(disputeId), number: round, payer, size, fee, bond, openedAt: event.timestamp, ...until });
          await change(tx, event.args, { changedAt: event.timestamp });
        },
      },
      SeatDrawn: {
        id,
        apply: async (tx, { args }) => {
          const disputeId = Number(args.disputeId);
          const [taken] = await tx.select({ jurors: count() }).from(seats).where(and(eq(seats.disputeId, disputeId), eq(seats.number, args.round)));
          await tx.insert(seats).values({ disputeId, number: args.round, juror: args.juror, position: taken?.jurors ?? 0, count: 1, state: 'silent', penalty: 0n })
            .onConflictDoUpdate({ target: [seats.disputeId, seats.number, seats.juror], set: { count: sql`${seats.count} + 1` } });
        },
      },
      JuryDrawn: {
        id,
        apply: async (tx, event) => {
          const { commitUntil, revealUntil } = event.args;
          const { appealWindow } = await windowsAt(tx, event);
          await tx.update(juries).set({ commitUntil, revealUntil, appealUntil: revealUntil + appealWindow }).where(juryOf(event.args));
          await change(tx, event.args, { changedAt: event.timestamp });
        },
      },
      VoteCommitted: { id, apply: (tx, event) => setSeat(tx, event, { state: 'committed' }) },
      VoteRevealed: { id, apply: (tx, event) => setSeat(tx, event, { state: 'revealed', vote: event.args.ruling }) },
      SeatClosed: { id, apply: (tx, event) => setSeat(tx, event, { state: 'closed', penalty: event.args.penalty }) },
      AppealDecision: { id: (args) => args._disputeID },
      GovernanceRuled: { id, apply: (tx, { args, timestamp }) => change(tx, args, { byGovernance: true, changedAt: timestamp }) },
      DisputeEnded: { id, apply: (tx, { args, timestamp }) => change(tx, args, { ended: true, ruling: args.ruling, burnt: args.burnt, changedAt: timestamp }) },
      RulingExecuted: { id, apply: (tx, { args, timestamp }) => change(tx, args, { executed: true, changedAt: timestamp }) },
    },
  },
};

/** The jurors' windows, since each change. */
export const disputeWindowsNoun: Noun = {
  name: 'disputeWindows',
  erase: async (tx) => {
    await tx.delete(disputeWindows);
  },
  handlers: {
    disputes: {
      ParamsChanged: {
        id: () => 'all',
        apply: async (tx, { args, block, logIndex }) => {
          const { drawWindow, appealWindow, governanceWindow } = args.params;
          await tx.insert(disputeWindows).values({ block, logIndex, drawWindow, appealWindow, governanceWindow });
        },
      },
    },
  },
};

/** Who can be drawn. */
export const jurorNoun: Noun = {
  name: 'juror',
  erase: async (tx, text) => {
    await tx.delete(jurors).where(eq(jurors.account, text as Address));
  },
  handlers: {
    disputes: {
      JurorJoined: {
        id: (args) => args.juror,
        apply: async (tx, { args }) => {
          const row = { tickets: args.tickets, active: true };
          await tx.insert(jurors).values({ account: args.juror, ...row }).onConflictDoUpdate({ target: jurors.account, set: row });
        },
      },
      JurorLeft: {
        id: (args) => args.juror,
        apply: async (tx, { args }) => {
          await tx.update(jurors).set({ active: false }).where(eq(jurors.account, args.juror));
        },
      },
      JurorExited: {
        id: (args) => args.juror,
        apply: async (tx, { args }) => {
          await tx.delete(jurors).where(eq(jurors.account, args.juror));
        },
      },
    },
  },
};
