import { accusationsAbi, challengesAbi, curationAbi, marketAbi, neuroCoinAbi, orderDisputesAbi, stakingAbi, subscriptionsAbi, trainingAbi, validatorsAbi } from '@neurodata/protocol';
import type { AccountDto } from '@neurodata/protocol';
import { asc, eq, isNotNull, sql } from 'drizzle-orm';
import { getAddress } from 'viem';
import type { Address } from 'viem';
import { attestations, jobs, listings, stakes, validators, workers } from '../../db/schema.ts';
import { claimableOrders } from '../reads/orders.ts';
import { countedPage } from '../reads/pages.ts';
import type { Handler, HandlerContext } from './Handler.ts';

/** Of registries, which are wanted whole: more than are expected. */
const manyOfRegistry = 500;

export const listValidators: Handler<'listValidators'> = async ({ db }, { query: { cursor = 0, limit = manyOfRegistry } }) => {
  const rows = await db.orm.select({
    validator: validators, stake: stakes.amount,
    rounds: sql<bigint>`(SELECT count(*) FROM ${attestations} WHERE ${attestations.validatorId} = ${validators.validatorId})`,
    revealed: sql<bigint>`(SELECT count(*) FROM ${attestations} WHERE ${attestations.validatorId} = ${validators.validatorId} AND ${attestations.verdict} <> 'none')`,
    earned: sql<bigint>`(SELECT coalesce(sum(${attestations.reward}), 0) FROM ${attestations} WHERE ${attestations.validatorId} = ${validators.validatorId})`,
  }).from(validators).leftJoin(stakes, eq(stakes.account, validators.account)).orderBy(asc(validators.validatorId)).limit(limit + 1).offset(cursor);
  return countedPage(rows.map((row) => ({ ...row.validator, stake: row.stake ?? 0n, rounds: Number(row.rounds), revealed: Number(row.revealed), earned: row.earned })), { cursor, limit });
};

export const listWorkers: Handler<'listWorkers'> = async ({ db }, { query: { cursor = 0, limit = manyOfRegistry } }) => {
  const rows = await db.orm.select({
    worker: workers, stake: stakes.amount,
    runs: sql<bigint>`(SELECT count(*) FROM ${jobs} WHERE ${jobs.worker} = ${workers.account} AND ${jobs.receiptDigest} IS NOT NULL)`,
    lost: sql<bigint>`(SELECT count(*) FROM ${jobs} WHERE ${jobs.lost} @> jsonb_build_array(${workers.account}))`,
  }).from(workers).leftJoin(stakes, eq(stakes.account, workers.account)).orderBy(asc(workers.account)).limit(limit + 1).offset(cursor);
  return countedPage(rows.map((row) => ({ ...row.worker, stake: row.stake ?? 0n, runs: Number(row.runs), lost: Number(row.lost) })), { cursor, limit });
};

export const getAccount: Handler<'getAccount'> = async ({ db, config, client }, { params }) => {
  const address = getAddress(params.address);
  const { neuroCoin, staking, curation, market, orderDisputes, training, challenges, validators: validatorsAddress, subscriptions, accusations } = config.deployment.addresses;
  const args = [address] as const;
  const [gasBalance, balance, stake, fromMarket, fromDisputes, fromChallenges, fromTraining, fromValidators, fromCuration, fromSubscriptions, fromAccusations, claimable, owedTokens] = await Promise.all([
    client.getBalance({ address }),
    client.readContract({ address: neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args }),
    client.readContract({ address: staking, abi: stakingAbi, functionName: 'stakeOf', args }),
    client.readContract({ address: market, abi: marketAbi, functionName: 'owed', args }),
    client.readContract({ address: orderDisputes, abi: orderDisputesAbi, functionName: 'owed', args }),
    client.readContract({ address: challenges, abi: challengesAbi, functionName: 'owed', args }),
    client.readContract({ address: training, abi: trainingAbi, functionName: 'owed', args }),
    client.readContract({ address: validatorsAddress, abi: validatorsAbi, functionName: 'owed', args }),
    client.readContract({ address: curation, abi: curationAbi, functionName: 'owed', args }),
    client.readContract({ address: subscriptions, abi: subscriptionsAbi, functionName: 'owed', args }),
    client.readContract({ address: accusations, abi: accusationsAbi, functionName: 'owed', args }),
    claimableOrders({ db, config, seller: address }),
    readOwedTokens({ db, config, client }, address),
  ]);
  return { address, gasBalance, balance, stake, owed: { market: fromMarket, orderDisputes: fromDisputes, training: fromTraining, challenges: fromChallenges, validators: fromValidators, curation: fromCuration, subscriptions: fromSubscriptions, accusations: fromAccusations }, owedTokens, claimable };
};

/** Enough for every token that the market is likely to allow in its life. */
const MOST_TOKENS = 50;

/** Credits in other tokens; those are few, since a listing's token must be allowed. */
async function readOwedTokens({ db, config, client }: Pick<HandlerContext, 'db' | 'config' | 'client'>, account: Address): Promise<AccountDto['owedTokens']> {
  const { market, subscriptions } = config.deployment.addresses;
  const rows = await db.orm.selectDistinct({ token: listings.token }).from(listings).where(isNotNull(listings.token)).limit(MOST_TOKENS);
  const found = await Promise.all(rows.flatMap(({ token }) => token ?? []).map(async (token) => {
    const args = [token, account] as const;
    const [fromMarket, fromSubscriptions] = await Promise.all([
      client.readContract({ address: market, abi: marketAbi, functionName: 'owedIn', args }), client.readContract({ address: subscriptions, abi: subscriptionsAbi, functionName: 'owedIn', args }),
    ]);
    return { token, market: fromMarket, subscriptions: fromSubscriptions };
  }));
  return found.filter((owed) => owed.market + owed.subscriptions > 0n);
}
