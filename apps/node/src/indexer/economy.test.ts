import { setTimeout as sleep } from 'node:timers/promises';
import { disputesAbi, liquidityMiningAbi, milestoneEscrowAbi, stakingAbi } from '@neurodata/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getAddress, parseUnits } from 'viem';
import { createLogger } from '../common/logger.ts';
import { economyTables } from '../db/economy.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { getTableName } from 'drizzle-orm';
import { createIndexer } from './createIndexer.ts';
import { tellEconomy } from './testing/economy.ts';
import type { Economy } from './testing/economy.ts';
import { createWorld } from './testing/world.ts';
import type { World } from './testing/world.ts';

const log = createLogger({ level: 'silent' });
const coin = (amount: string): bigint => parseUnits(amount, 18);
const tables = [...economyTables.map(getTableName), 'stakes', 'events'];

let world: World;
let snapshot: unknown;
let db: Database;
let economy: Economy;
const opened: (() => Promise<void>)[] = [];

async function follow(maxBlocks = 2_000): Promise<{ db: Database; topics: Set<string>; settled: () => Promise<void> }> {
  const own = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  const topics = new Set<string>();
  const indexer = createIndexer({
    db: own, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, lagMs: 0, maxBlocks,
    readDocument: async (digest) => world.manifests.get(digest) ?? Promise.reject(new Error('nobody has it')), onChange: (change) => change.topics.forEach((topic) => topics.add(topic)),
  });
  await indexer.start();
  opened.push(async () => {
    await indexer.stop();
    await own.close();
  });
  const settled = async (): Promise<void> => {
    for (let attempt = 0; attempt < 900; attempt += 1) {
      const { hash } = await world.publicClient.getBlock({ blockTag: 'latest' });
      const { rows } = await own.pool.query<{ hash: string }>('SELECT hash FROM cursor');
      if (rows[0]?.hash === hash) return;
      await sleep(20);
    }
    throw new Error('the indexer did not catch up');
  };
  return { db: own, topics, settled };
}

const rowsOf = async (from: Database, text: string, values: unknown[] = []) => (await from.pool.query(text, values)).rows;
async function snapshotOf(from: Database): Promise<Record<string, unknown[]>> {
  const result: Record<string, unknown[]> = {};
  for (const table of tables) result[table] = await rowsOf(from, `SELECT * FROM ${table} AS t ORDER BY t::text`);
  return result;
}

beforeAll(async () => {
  world = await createWorld();
  const { publish, decide, list, buy, grant, send, accounts } = world;
  const { assetId, roundId } = await publish('Palmer penguins');
  await decide(roundId);
  const orderId = await buy(await list(assetId, { kind: 'download', price: coin('25') }), 'first');
  await grant(orderId);
  await send(accounts.buyer, 'market', 'confirm', [orderId]);
  snapshot = await world.rpc('evm_snapshot');
  const followed = await follow();
  db = followed.db;
  economy = await tellEconomy(world, orderId);
  await followed.settled();
  for (const topic of [`deal:${economy.dealId}`, `dispute:${economy.disputeId}`, `proposal:${economy.proposalId}`, `asset:${assetId}`, `account:${getAddress(accounts.buyer)}`]) expect(followed.topics).toContain(topic);
  expect(await rowsOf(db, 'SELECT order_id, rating, digest, edited FROM reviews')).toEqual([{ order_id: orderId, rating: 5, digest: null, edited: true }]);
});
afterAll(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
  await world.stop();
});

test('deals and disputes say the same as the contracts', async () => {
  const { publicClient, deployment: { addresses } } = world;
  const escrow = { address: addresses.milestoneEscrow, abi: milestoneEscrowAbi } as const;
  const { left } = await publicClient.readContract({ ...escrow, functionName: 'deal', args: [economy.quietDealId] });
  expect(await rowsOf(db, 'SELECT total, left_amount, outcome FROM deals WHERE deal_id = $1', [economy.quietDealId])).toEqual([{ total: coin('30'), left_amount: left, outcome: null }]);
  for (const index of [0, 1]) {
    const part = await publicClient.readContract({ ...escrow, functionName: 'milestone', args: [economy.quietDealId, index] });
    expect(await rowsOf(db, 'SELECT left_amount, state FROM milestones WHERE deal_id = $1 AND position = $2', [economy.quietDealId, index])).toEqual([{ left_amount: part.left, state: ['waiting', 'delivered'][part.state - 1] }]);
  }
  expect(await rowsOf(db, 'SELECT address FROM deal_terms WHERE deal_id = $1', [economy.quietDealId])).toEqual([{ address: 'ipfs://second' }]);
  expect(await rowsOf(db, 'SELECT party, to_seller FROM cancel_offers WHERE deal_id = $1', [economy.quietDealId])).toEqual([{ party: getAddress(world.accounts.publisher), to_seller: coin('2') }]);
  expect(await rowsOf(db, 'SELECT left_amount, outcome FROM deals WHERE deal_id = $1', [economy.dealId])).toEqual([{ left_amount: 0n, outcome: 'cancelled' }]);
  expect(await rowsOf(db, 'SELECT state, to_seller, to_buyer, dispute_id FROM milestones WHERE deal_id = $1 ORDER BY position', [economy.dealId])).toEqual([
    { state: 'closed', to_seller: coin('10'), to_buyer: 0n, dispute_id: economy.disputeId }, { state: 'closed', to_seller: 0n, to_buyer: 0n, dispute_id: null },
  ]);

  const disputes = { address: addresses.disputes, abi: disputesAbi } as const;
  const info = await publicClient.readContract({ ...disputes, functionName: 'dispute', args: [economy.disputeId] });
  expect(await rowsOf(db, 'SELECT ended, ruling, executed FROM disputes')).toEqual([{ ended: info.ended, ruling: info.ruling, executed: info.executed }]);
  for (const number of [0, 1]) {
    const round = await publicClient.readContract({ ...disputes, functionName: 'round', args: [economy.disputeId, number] });
    expect(await rowsOf(db, 'SELECT payer, size, fee, bond, draw_until, commit_until, reveal_until, appeal_until FROM juries WHERE number = $1', [number])).toEqual([{
      payer: round.payer, size: round.size, fee: round.fee, bond: round.bond, draw_until: BigInt(round.drawUntil), commit_until: BigInt(round.commitUntil),
      reveal_until: BigInt(round.revealUntil), appeal_until: BigInt(round.appealUntil),
    }]);
    for (const juror of economy.jurors) {
      const seat = await publicClient.readContract({ ...disputes, functionName: 'seat', args: [economy.disputeId, number, juror] });
      const expected = seat.count === 0 ? [] : [{ count: seat.count, state: ['silent', 'committed', 'revealed', 'closed'][seat.state], vote: seat.state === 2 ? seat.vote : null }];
      expect(await rowsOf(db, 'SELECT count, state, vote FROM seats WHERE number = $1 AND juror = $2', [number, getAddress(juror)])).toEqual(expected);
    }
  }
  expect(await rowsOf(db, 'SELECT account FROM jurors WHERE NOT active')).toEqual([{ account: getAddress(economy.silent) }]);
  expect((await rowsOf(db, 'SELECT address FROM evidence ORDER BY block')).map(({ address }) => address)).toEqual(['ipfs://missing', 'ipfs://complete']);
});

test('proposals, delegations and pools say the same as the contracts', async () => {
  const { publicClient, deployment: { addresses }, accounts } = world;
  expect(await rowsOf(db, 'SELECT proposal_id, description, ended, eta IS NOT NULL AS queued FROM proposals ORDER BY opened_index, opened_block')).toEqual(expect.arrayContaining([
    { proposal_id: String(economy.proposalId), description: 'Let the owner have a base unit', ended: 'executed', queued: true },
    { proposal_id: String(economy.cancelledId), description: 'Twice', ended: 'canceled', queued: false },
  ]));
  expect(await rowsOf(db, 'SELECT voter, support, weight, reason FROM ballots ORDER BY weight')).toEqual([
    { voter: getAddress(accounts.other), support: 'against', weight: coin('60'), reason: 'Too  much' }, { voter: getAddress(accounts.owner), support: 'for', weight: coin('2000000'), reason: '' },
  ]);
  for (const account of [accounts.other, ...economy.jurors, ...accounts.validators]) {
    const stake = await publicClient.readContract({ address: addresses.staking, abi: stakingAbi, functionName: 'stakeOf', args: [account] });
    expect(await rowsOf(db, 'SELECT amount FROM stakes WHERE account = $1', [getAddress(account)])).toEqual([{ amount: stake }]);
  }
  expect(await rowsOf(db, 'SELECT lent, taken_back, leaves_at IS NOT NULL AS leaves FROM delegations')).toEqual([{ lent: coin('30'), taken_back: coin('10'), leaves: true }]);
  const pool = await publicClient.readContract({ address: addresses.liquidityMining, abi: liquidityMiningAbi, functionName: 'pool', args: [economy.pool] });
  expect(await rowsOf(db, 'SELECT p.scheduled, p.paid = s.paid AS same, s.amount FROM liquidity_pools p JOIN liquidity_positions s USING (token)')).toEqual([{ scheduled: coin('1000'), same: true, amount: pool.staked }]);
});

test('the rows are those of a fresh sync in small ranges', async () => {
  const fresh = await follow(7);
  await fresh.settled();
  expect(await snapshotOf(db)).toEqual(await snapshotOf(fresh.db));
});

test('a chain that takes all of it back leaves the rows of a fresh sync', async () => {
  await world.rpc('evm_revert', [snapshot]);
  await world.mine(3);
  const latest = await world.publicClient.getBlock({ blockTag: 'latest' });
  for (let attempt = 0; attempt < 900; attempt += 1) {
    if ((await rowsOf(db, 'SELECT hash FROM cursor'))[0]?.hash === latest.hash) break;
    await sleep(20);
  }
  const fresh = await follow();
  await fresh.settled();
  expect(await snapshotOf(db)).toEqual(await snapshotOf(fresh.db));
  for (const table of ['deals', 'disputes', 'seats', 'proposals', 'ballots', 'delegations', 'reviews', 'liquidity_pools', 'evidence', 'jurors']) expect(await rowsOf(db, `SELECT * FROM ${table}`)).toEqual([]);
});
