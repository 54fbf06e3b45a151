import { stakingAbi } from '@neurodata/protocol';
import { and, asc, desc, eq, gt, sql } from 'drizzle-orm';
import { getAddress } from 'viem';
import { delegations, liquidityPools, liquidityPositions, stakes } from '../../db/schema.ts';
import { before, nextOf, pageSize } from '../reads/pages.ts';
import { present } from '../reads/present.ts';
import type { Handler } from './Handler.ts';

/** Largest first; goes on after a count. */
export const listStakes: Handler<'listStakes'> = async ({ db }, { query }) => {
  const { limit = pageSize, cursor = 0, account } = query;
  const lent = sql<bigint>`coalesce((SELECT sum(${delegations.lent} - ${delegations.takenBack}) FROM ${delegations} WHERE ${delegations.delegator} = ${stakes.account}), 0)`;
  const rows = await db.orm.select({ account: stakes.account, stake: stakes.amount, lent }).from(stakes).where(account ? eq(stakes.account, getAddress(account)) : undefined)
    .orderBy(desc(stakes.amount), asc(stakes.account)).limit(limit + 1).offset(cursor);
  return present({ items: rows.slice(0, limit), next: rows.length > limit ? cursor + limit : undefined });
};

export const listDelegations: Handler<'listDelegations'> = async ({ db, config, client }, { query }) => {
  const { limit = pageSize, delegator, validator, cursor } = query;
  const rows = await db.orm.select().from(delegations).where(and(
    delegator ? eq(delegations.delegator, getAddress(delegator)) : undefined, validator ? eq(delegations.validator, getAddress(validator)) : undefined, before(delegations, cursor),
  )).orderBy(desc(delegations.openedBlock), desc(delegations.openedIndex)).limit(limit + 1);
  const items = await Promise.all(rows.slice(0, limit).map(async (row) => {
    const { delegator: from, validator: to, lent, takenBack, earned } = row;
    // What slashing has left of it is in no event of its own.
    const { amount, leaving, availableAt, rewards } = await client.readContract({ address: config.deployment.addresses.staking, abi: stakingAbi, functionName: 'delegationOf', args: [from, to] });
    return present({ delegator: from, validator: to, amount, leaving, availableAt: leaving > 0n ? availableAt : undefined, rewards, claimed: earned, lent, takenBack });
  }));
  return present({ items, next: nextOf(rows, limit) });
};

export const listPools: Handler<'listPools'> = async ({ db }, { query }) => {
  const account = query.account && getAddress(query.account);
  const staked = sql<bigint>`coalesce((SELECT sum(${liquidityPositions.amount}) FROM ${liquidityPositions} WHERE ${liquidityPositions.token} = ${liquidityPools.token}), 0)`;
  const accounts = sql<bigint>`(SELECT count(*) FROM ${liquidityPositions} WHERE ${liquidityPositions.token} = ${liquidityPools.token} AND ${liquidityPositions.amount} > 0)`;
  const [rows, own] = await Promise.all([
    db.orm.select({ pool: liquidityPools, staked, accounts }).from(liquidityPools).orderBy(asc(liquidityPools.token)).limit(500),
    account ? db.orm.select().from(liquidityPositions).where(and(eq(liquidityPositions.account, account), gt(liquidityPositions.amount, 0n))) : [],
  ]);
  return {
    items: rows.map((row) => {
      const position = own.find(({ token }) => token === row.pool.token);
      return present({ ...row.pool, staked: row.staked, accounts: Number(row.accounts), position: position && { account: position.account, amount: position.amount, paid: position.paid } });
    }),
  };
};
