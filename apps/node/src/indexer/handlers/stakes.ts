import { eq, sql } from 'drizzle-orm';
import type { Address } from 'viem';
import type { Transaction } from '../../db/openDatabase.ts';
import { stakes } from '../../db/schema.ts';
import type { Noun } from '../noun.ts';

const id = (args: { account: Address }): Address => args.account;

const add = async (tx: Transaction, account: Address, amount: bigint): Promise<void> => {
  await tx.insert(stakes).values({ account, amount })
    .onConflictDoUpdate({ target: stakes.account, set: { amount: sql`${stakes.amount} + ${amount.toString()}::numeric` } });
};

/** Active stake per account; mirrors `Staking.stakeOf`. */
export const stakeNoun: Noun = {
  name: 'stake',
  erase: async (tx, text) => {
    await tx.delete(stakes).where(eq(stakes.account, text as Address));
  },
  handlers: {
    staking: {
      Staked: { id, apply: (tx, { args }) => add(tx, args.account, args.amount) },
      Unbonding: { id, apply: (tx, { args }) => add(tx, args.account, -args.amount) },
      Slashed: { id, apply: (tx, { args }) => add(tx, args.account, -args.amount) },
    },
  },
};
