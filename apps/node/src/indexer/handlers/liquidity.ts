import { eq, sql } from 'drizzle-orm';
import type { Address } from 'viem';
import type { Transaction } from '../../db/openDatabase.ts';
import { liquidityPools, liquidityPositions } from '../../db/schema.ts';
import type { Noun } from '../noun.ts';

const id = (args: { lpToken: Address }): Address => args.lpToken;

async function add(tx: Transaction, args: { lpToken: Address; account: Address }, change: { amount?: bigint; paid?: bigint }): Promise<void> {
  const { amount = 0n, paid = 0n } = change;
  await tx.insert(liquidityPositions).values({ token: args.lpToken, account: args.account, amount, paid }).onConflictDoUpdate({
    target: [liquidityPositions.token, liquidityPositions.account],
    set: { amount: sql`${liquidityPositions.amount} + ${amount.toString()}::numeric`, paid: sql`${liquidityPositions.paid} + ${paid.toString()}::numeric` },
  });
}

/** A pool of staked liquidity tokens with the accounts' parts in it. */
export const liquidityNoun: Noun = {
  name: 'pool',
  erase: async (tx, text) => {
    for (const table of [liquidityPools, liquidityPositions]) await tx.delete(table).where(eq(table.token, text as Address));
  },
  handlers: {
    liquidityMining: {
      PoolScheduled: {
        id,
        apply: async (tx, { args }) => {
          const { lpToken: token, amount, endsAt } = args;
          await tx.insert(liquidityPools).values({ token, scheduled: amount, paid: 0n, endsAt })
            .onConflictDoUpdate({ target: liquidityPools.token, set: { endsAt, scheduled: sql`${liquidityPools.scheduled} + ${amount.toString()}::numeric` } });
        },
      },
      LiquidityStaked: { id, apply: (tx, { args }) => add(tx, args, { amount: args.amount }) },
      LiquidityUnstaked: { id, apply: (tx, { args }) => add(tx, args, { amount: -args.amount }) },
      EmergencyExit: { id, apply: (tx, { args }) => add(tx, args, { amount: -args.amount }) },
      LiquidityRewardPaid: {
        id,
        apply: async (tx, { args }) => {
          await add(tx, args, { paid: args.amount });
          await tx.update(liquidityPools).set({ paid: sql`${liquidityPools.paid} + ${args.amount.toString()}::numeric` }).where(eq(liquidityPools.token, args.lpToken));
        },
      },
    },
  },
};
