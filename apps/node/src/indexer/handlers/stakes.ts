import { and, eq, sql } from 'drizzle-orm';
import type { Address } from 'viem';
import type { Transaction } from '../../db/openDatabase.ts';
import { delegations, stakes } from '../../db/schema.ts';
import type { EventPlace } from '../contracts.ts';
import type { RowBuffer } from '../createRowBuffer.ts';
import type { Noun } from '../noun.ts';

const id = (args: { account: Address }): Address => args.account;
const byDelegator = (args: { delegator: Address }): Address => args.delegator;

const add = (rows: RowBuffer, account: Address, amount: bigint): void => rows.add(stakes, { account }, { amount });

type Part = EventPlace & { args: { delegator: Address; validator: Address; amount: bigint } };
const partOf = ({ delegator, validator }: Part['args']) => and(eq(delegations.delegator, delegator), eq(delegations.validator, validator));
const plus = (column: typeof delegations.lent | typeof delegations.takenBack | typeof delegations.earned, amount: bigint) => sql`${column} + ${amount.toString()}::numeric`;

/** Lends own stake: it is the delegator's no more in `Staking.stakeOf`. */
async function lend(tx: Transaction, { args, timestamp, block, logIndex }: Part): Promise<void> {
  const { delegator, validator, amount } = args;
  await tx.insert(delegations).values({ delegator, validator, lent: amount, takenBack: 0n, earned: 0n, changedAt: timestamp, openedBlock: block, openedIndex: logIndex })
    .onConflictDoUpdate({ target: [delegations.delegator, delegations.validator], set: { lent: plus(delegations.lent, amount), changedAt: timestamp } });
}

/** Active stake per account, mirroring `Staking.stakeOf`, and what the account has lent to validators. */
export const stakeNoun: Noun = {
  name: 'stake',
  erase: async (tx, text) => {
    await tx.delete(stakes).where(eq(stakes.account, text as Address));
    await tx.delete(delegations).where(eq(delegations.delegator, text as Address));
  },
  handlers: {
    staking: {
      Staked: { id, write: (rows, { args }) => add(rows, args.account, args.amount) },
      Unbonding: { id, write: (rows, { args }) => add(rows, args.account, -args.amount) },
      Recalled: { id, write: (rows, { args }) => add(rows, args.account, args.amount) },
      Slashed: { id, write: (rows, { args }) => add(rows, args.account, -args.amount) },
      Delegated: { id: byDelegator, apply: lend, write: (rows, { args }) => add(rows, args.delegator, -args.amount) },
      Undelegated: {
        id: byDelegator,
        apply: async (tx, { args, timestamp }) => {
          await tx.update(delegations).set({ takenBack: plus(delegations.takenBack, args.amount), leavesAt: args.availableAt, changedAt: timestamp }).where(partOf(args));
        },
      },
      DelegationWithdrawn: {
        id: byDelegator,
        apply: async (tx, { args, timestamp }) => {
          await tx.update(delegations).set({ leavesAt: null, changedAt: timestamp }).where(partOf(args));
        },
      },
      DelegationRewardPaid: {
        id: byDelegator,
        apply: async (tx, { args, timestamp }) => {
          await tx.update(delegations).set({ earned: plus(delegations.earned, args.amount), changedAt: timestamp }).where(partOf(args));
        },
      },
      DelegationSlashed: { id: (args) => args.validator },
    },
  },
};
