import type { MilestoneState, ProposalState, SeatState } from '@neurodata/protocol';
import type { Address, Hex } from 'viem';
import { boolean, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { address, amount, hex, whole } from './columns.ts';

/** Tables of `migrations/0003_economy.sql`; what each one holds is said there. */

/** Where a row was opened on chain: the order of lists. */
const opened = { openedBlock: whole('opened_block').notNull(), openedIndex: integer('opened_index').notNull() };

export type DealOutcome = 'cancelled' | 'recovered';

export const deals = pgTable('deals', {
  dealId: hex('deal_id').primaryKey(),
  buyer: address('buyer').notNull(),
  seller: address('seller').notNull(),
  arbiter: address('arbiter').notNull(),
  token: address('token').notNull(),
  total: amount('total').notNull(),
  left: amount('left_amount').notNull(),
  outcome: text('outcome').$type<DealOutcome>(),
  openedAt: whole('opened_at').notNull(),
  changedAt: whole('changed_at').notNull(),
  ...opened,
});

export const milestones = pgTable('milestones', {
  dealId: hex('deal_id').notNull(),
  position: integer('position').notNull(),
  amount: amount('amount').notNull(),
  left: amount('left_amount').notNull(),
  toSeller: amount('to_seller').notNull(),
  toBuyer: amount('to_buyer').notNull(),
  deadline: whole('deadline').notNull(),
  state: text('state').$type<MilestoneState>().notNull(),
  digest: hex('digest'),
  disputeId: whole('dispute_id'),
  changedAt: whole('changed_at').notNull(),
}, (table) => [primaryKey({ columns: [table.dealId, table.position] })]);

export const dealTerms = pgTable('deal_terms', {
  dealId: hex('deal_id').primaryKey(),
  address: text('address').notNull(),
});

export const cancelOffers = pgTable('cancel_offers', {
  dealId: hex('deal_id').notNull(),
  party: address('party').notNull(),
  toSeller: amount('to_seller').notNull(),
  at: whole('at').notNull(),
}, (table) => [primaryKey({ columns: [table.dealId, table.party] })]);

export const disputeWindows = pgTable('dispute_windows', {
  block: whole('block').notNull(),
  logIndex: integer('log_index').notNull(),
  drawWindow: whole('draw_window').notNull(),
  appealWindow: whole('appeal_window').notNull(),
  governanceWindow: whole('governance_window').notNull(),
}, (table) => [primaryKey({ columns: [table.block, table.logIndex] })]);

export const disputes = pgTable('disputes', {
  disputeId: whole('dispute_id').primaryKey(),
  arbitrable: address('arbitrable').notNull(),
  ended: boolean('ended').notNull(),
  ruling: integer('ruling').notNull(),
  byGovernance: boolean('by_governance').notNull(),
  executed: boolean('executed').notNull(),
  burnt: amount('burnt').notNull(),
  openedAt: whole('opened_at').notNull(),
  changedAt: whole('changed_at').notNull(),
  ...opened,
});

export const juries = pgTable('juries', {
  disputeId: whole('dispute_id').notNull(),
  number: integer('number').notNull(),
  payer: address('payer').notNull(),
  size: integer('size').notNull(),
  fee: amount('fee').notNull(),
  bond: amount('bond').notNull(),
  openedAt: whole('opened_at').notNull(),
  drawUntil: whole('draw_until'),
  commitUntil: whole('commit_until'),
  revealUntil: whole('reveal_until'),
  appealUntil: whole('appeal_until'),
}, (table) => [primaryKey({ columns: [table.disputeId, table.number] })]);

export const seats = pgTable('seats', {
  disputeId: whole('dispute_id').notNull(),
  number: integer('number').notNull(),
  juror: address('juror').notNull(),
  position: integer('position').notNull(),
  count: integer('count').notNull(),
  state: text('state').$type<SeatState>().notNull(),
  vote: integer('vote'),
  penalty: amount('penalty').notNull(),
}, (table) => [primaryKey({ columns: [table.disputeId, table.number, table.juror] })]);

export const evidence = pgTable('evidence', {
  contract: text('contract').$type<'disputes' | 'milestoneEscrow' | 'orderDisputes' | 'curation'>().notNull(),
  groupId: text('group_id').notNull(),
  party: address('party').notNull(),
  address: text('address').notNull(),
  transaction: hex('transaction').notNull(),
  block: whole('block').notNull(),
  logIndex: integer('log_index').notNull(),
  at: whole('at').notNull(),
}, (table) => [primaryKey({ columns: [table.block, table.logIndex] })]);

export const jurors = pgTable('jurors', {
  account: address('account').primaryKey(),
  tickets: integer('tickets').notNull(),
  active: boolean('active').notNull(),
});

export const reviews = pgTable('reviews', {
  orderId: hex('order_id').primaryKey(),
  assetId: whole('asset_id').notNull(),
  reviewer: address('reviewer').notNull(),
  rating: integer('rating').notNull(),
  digest: hex('digest'),
  edited: boolean('edited').notNull(),
  writtenAt: whole('written_at').notNull(),
  changedAt: whole('changed_at').notNull(),
  transaction: hex('transaction').notNull(),
  ...opened,
});

export type StoredCall = { target: Address; value: string; data: Hex };

export const proposals = pgTable('proposals', {
  proposalId: text('proposal_id').primaryKey(),
  proposer: address('proposer').notNull(),
  description: text('description').notNull(),
  calls: jsonb('calls').$type<StoredCall[]>().notNull(),
  voteStart: whole('vote_start').notNull(),
  voteEnd: whole('vote_end').notNull(),
  eta: whole('eta'),
  ended: text('ended').$type<Extract<ProposalState, 'canceled' | 'executed'>>(),
  transaction: hex('transaction').notNull(),
  openedAt: whole('opened_at').notNull(),
  ...opened,
});

/** In the numbering of OpenZeppelin's GovernorCountingSimple. */
export const supports = ['against', 'for', 'abstain'] as const;

export const ballots = pgTable('ballots', {
  proposalId: text('proposal_id').notNull(),
  voter: address('voter').notNull(),
  support: text('support').$type<(typeof supports)[number]>().notNull(),
  weight: amount('weight').notNull(),
  reason: text('reason').notNull(),
  transaction: hex('transaction').notNull(),
  block: whole('block').notNull(),
  at: whole('at').notNull(),
}, (table) => [primaryKey({ columns: [table.proposalId, table.voter] })]);

export const delegations = pgTable('delegations', {
  delegator: address('delegator').notNull(),
  validator: address('validator').notNull(),
  lent: amount('lent').notNull(),
  takenBack: amount('taken_back').notNull(),
  earned: amount('earned').notNull(),
  leavesAt: whole('leaves_at'),
  changedAt: whole('changed_at').notNull(),
  ...opened,
}, (table) => [primaryKey({ columns: [table.delegator, table.validator] })]);

export const liquidityPools = pgTable('liquidity_pools', {
  token: address('token').primaryKey(),
  scheduled: amount('scheduled').notNull(),
  paid: amount('paid').notNull(),
  endsAt: whole('ends_at').notNull(),
});

export const liquidityPositions = pgTable('liquidity_positions', {
  token: address('token').notNull(),
  account: address('account').notNull(),
  amount: amount('amount').notNull(),
  paid: amount('paid').notNull(),
}, (table) => [primaryKey({ columns: [table.token, table.account] })]);

/** Every table above, for whoever empties them. */
export const economyTables = [deals, dealTerms, milestones, cancelOffers, disputeWindows, disputes, juries, seats, evidence, jurors, reviews, proposals, ballots, delegations, liquidityPools, liquidityPositions] as const;
