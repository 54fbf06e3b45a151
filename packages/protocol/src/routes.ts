import { z } from 'zod';
import { accountRoutes } from './accountRoutes.ts';
import { adminRoutes } from './adminRoutes.ts';
import { algorithmSchema } from './algorithmDto.ts';
import { analyticsRoutes } from './analyticsRoutes.ts';
import { accountSchema, assetSummarySchema, jobSchema, listingSchema, networkSchema, orderSchema, roundSchema, subscriptionSchema } from './dto.ts';
import { dealSchema, delegationSchema, disputeSchema, jurorSchema, poolSchema, proposalSchema, reviewSchema, stakeSchema } from './economyDto.ts';
import { accessLogRequestSchema, accessesSchema, dealingSchema, drillAnswerSchema, drillRequestSchema, handoverRefSchema } from './custody.ts';
import { firstRoutes } from './firstRoutes.ts';
import { jobsRoutes } from './jobsRoutes.ts';
import { shareAnswerSchema, shareRequestSchema } from './keyRequest.ts';
import { governanceRoutes } from './governanceRoutes.ts';
import { leaderboardSchema } from './leaderboardDto.ts';
import { marketRoutes } from './marketRoutes.ts';
import { discoveryRoutes } from './discoveryRoutes.ts';
import { modelCheckSchema, modelChecksSchema } from './modelCheck.ts';
import { noticesSchema } from './notice.ts';
import { progressReportSchema } from './progressReport.ts';
import { relayRoutes } from './relayRoutes.ts';
import { page } from './page.ts';
import type { Route } from './route.ts';
import { addressSchema, amountSchema, assetIdSchema, hex32Schema, versionSchema } from './schemas.ts';
import { assetKinds } from './states.ts';
import { tableCheckSchema, tableChecksSchema } from './tableCheck.ts';
import { purposeKeptSchema, purposesSchema, signedPurposeSchema } from './terms/purpose.ts';
import { trustRoutes } from './trustRoutes.ts';
import { userRoutes } from './userRoutes.ts';

const pageQuery = z.object({ cursor: z.coerce.number().int().nonnegative().optional(), limit: z.coerce.number().int().min(1).max(100).optional() });

/** Every JSON endpoint of the node. Blocks (`PUT /api/v1/blocks/{cid}`), `/ipfs/{cid}`, `/rpc` and the event streams stand beside it: they are not JSON in, JSON out. */
export const routes = {
  ...firstRoutes,
  requestFunds: { method: 'POST', path: '/api/v1/demo/faucet', summary: 'Play money for an account (embedded chain only)', body: z.object({ address: addressSchema }), response: z.object({ transaction: hex32Schema, amount: amountSchema }) },
  listAlgorithms: {
    method: 'GET', path: '/api/v1/algorithms', summary: 'What this engine can train: algorithms with their parameters, defaults and ranges',
    response: z.object({ engineId: hex32Schema, items: z.array(algorithmSchema) }),
  },
  listAssets: {
    method: 'GET', path: '/api/v1/assets', summary: 'Assets, newest first; q searches title, description and tags; suspended ones and samples only where curation asks for them',
    query: pageQuery.extend({ q: z.string().max(200).optional(), kind: z.enum(assetKinds).optional(), owner: addressSchema.optional(), sort: z.enum(['newest', 'popular', 'price']).optional(), curation: z.enum(['listed', 'suspended', 'all']).optional() }),
    response: page(assetSummarySchema),
  },
  getModelCheck: {
    method: 'GET', path: '/api/v1/models/{assetId}/check', summary: 'What validators measured of an uploaded model, each signed; of its newest version by default',
    params: z.object({ assetId: assetIdSchema }), query: z.object({ version: versionSchema.optional() }), response: modelChecksSchema,
  },
  reportModelCheck: {
    method: 'POST', path: '/api/v1/models/checks', summary: 'What a validator measured of an uploaded model, signed by it; the first of a validator and a version stays',
    body: modelCheckSchema, response: z.object({ kept: z.boolean() }),
  },
  getTableCheck: {
    method: 'GET', path: '/api/v1/datasets/{assetId}/check', summary: 'What validators found of a dataset beyond their verdict, each signed; of its newest version by default',
    params: z.object({ assetId: assetIdSchema }), query: z.object({ version: versionSchema.optional() }), response: tableChecksSchema,
  },
  reportTableCheck: {
    method: 'POST', path: '/api/v1/datasets/checks', summary: 'What a validator found of a dataset, signed by it; the first of a validator and a version stays',
    body: tableCheckSchema, response: z.object({ kept: z.boolean() }),
  },
  getLeaderboard: {
    method: 'GET', path: '/api/v1/datasets/{assetId}/leaderboard', summary: 'Finished runs on the held-out rows that the chain fixed for a dataset version, best first; sort is a score, cost, time or steps',
    params: z.object({ assetId: assetIdSchema }),
    query: pageQuery.extend({ version: versionSchema.optional(), task: z.enum(['classification', 'regression']).optional(), target: z.string().min(1).max(200).optional(), sort: z.string().min(1).max(64).optional() }),
    response: leaderboardSchema,
  },
  getListing: { method: 'GET', path: '/api/v1/listings/{listingId}', summary: 'One listing', params: z.object({ listingId: z.coerce.number().int().positive() }), response: listingSchema },
  listOrders: {
    method: 'GET', path: '/api/v1/orders', summary: 'Orders, newest first',
    query: pageQuery.extend({ buyer: addressSchema.optional(), seller: addressSchema.optional(), assetId: assetIdSchema.optional() }),
    response: page(orderSchema),
  },
  getOrder: { method: 'GET', path: '/api/v1/orders/{orderId}', summary: 'One order with grants and deadlines', params: z.object({ orderId: hex32Schema }), response: orderSchema },
  listSubscriptions: {
    method: 'GET', path: '/api/v1/subscriptions', summary: 'Subscriptions, newest first',
    query: pageQuery.extend({ account: addressSchema.optional(), seller: addressSchema.optional(), assetId: assetIdSchema.optional() }),
    response: page(subscriptionSchema),
  },
  getSubscription: { method: 'GET', path: '/api/v1/subscriptions/{subscriptionId}', summary: 'One subscription with its key requests', params: z.object({ subscriptionId: hex32Schema }), response: subscriptionSchema },
  listJobs: {
    method: 'GET', path: '/api/v1/jobs', summary: 'Training jobs, newest first',
    query: pageQuery.extend({ buyer: addressSchema.optional(), assetId: assetIdSchema.optional(), worker: addressSchema.optional() }),
    response: page(jobSchema),
  },
  getJob: { method: 'GET', path: '/api/v1/jobs/{jobId}', summary: 'One job with progress, receipt and round', params: z.object({ jobId: hex32Schema }), response: jobSchema },
  reportProgress: {
    method: 'POST', path: '/api/v1/jobs/{jobId}/progress', summary: 'How far a job has come, signed by its worker; `kept` is false where something newer is known',
    params: z.object({ jobId: hex32Schema }), body: progressReportSchema, response: z.object({ kept: z.boolean() }),
  },
  getRound: { method: 'GET', path: '/api/v1/rounds/{roundId}', summary: 'One round with its attestations', params: z.object({ roundId: hex32Schema }), response: roundSchema },
  getNetwork: { method: 'GET', path: '/api/v1/network', summary: 'Who of the validators shares in what: the newest 30 rounds with their committees, and the newest 100 keys with their holders', response: networkSchema },
  getAccount: { method: 'GET', cache: 'fresh', path: '/api/v1/accounts/{address}', summary: 'Balances, stake, credits', params: z.object({ address: addressSchema }), response: accountSchema },
  listDeals: {
    method: 'GET', path: '/api/v1/deals', summary: 'Deals about bespoke work, newest first; party is buyer, seller or arbiter',
    query: pageQuery.extend({ party: addressSchema.optional() }), response: page(dealSchema),
  },
  getDeal: { method: 'GET', path: '/api/v1/deals/{dealId}', summary: 'One deal with its milestones', params: z.object({ dealId: hex32Schema }), response: dealSchema },
  listDisputes: {
    method: 'GET', path: '/api/v1/disputes', summary: 'Disputes before jurors, newest first; juror had a seat in them',
    query: pageQuery.extend({ juror: addressSchema.optional() }), response: page(disputeSchema),
  },
  getDispute: {
    method: 'GET', path: '/api/v1/disputes/{disputeId}', summary: 'One dispute with its rounds, seats, votes and evidence',
    params: z.object({ disputeId: z.coerce.number().int().positive() }), response: disputeSchema,
  },
  listJurors: { method: 'GET', path: '/api/v1/jurors', summary: 'Jurors with their tickets and record', query: pageQuery, response: page(jurorSchema) },
  listReviews: {
    method: 'GET', path: '/api/v1/reviews', summary: 'Reviews by buyers of completed orders, newest first',
    query: pageQuery.extend({ assetId: assetIdSchema.optional(), reviewer: addressSchema.optional() }), response: page(reviewSchema),
  },
  listProposals: { method: 'GET', path: '/api/v1/proposals', summary: 'Proposals with their votes, newest first', query: pageQuery, response: page(proposalSchema) },
  getProposal: { method: 'GET', path: '/api/v1/proposals/{proposalId}', summary: 'One proposal with its ballots', params: z.object({ proposalId: z.string().regex(/^\d{1,78}$/) }), response: proposalSchema },
  listStakes: { method: 'GET', path: '/api/v1/stakes', summary: 'Stake per account, largest first', query: pageQuery.extend({ account: addressSchema.optional() }), response: page(stakeSchema) },
  listDelegations: {
    method: 'GET', path: '/api/v1/delegations', summary: 'Stake lent to validators, newest first',
    query: pageQuery.extend({ delegator: addressSchema.optional(), validator: addressSchema.optional() }), response: page(delegationSchema),
  },
  listPools: {
    method: 'GET', path: '/api/v1/liquidity', summary: 'Pools of staked liquidity tokens, and an account\'s part in them',
    query: z.object({ account: addressSchema.optional() }), response: z.object({ items: z.array(poolSchema) }),
  },
  ...marketRoutes,
  ...governanceRoutes,
  ...discoveryRoutes,
  ...userRoutes,
  ...accountRoutes,
  ...jobsRoutes,
  ...trustRoutes,
  ...adminRoutes,
  ...analyticsRoutes,
  ...relayRoutes,
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;

/** Answered by each validator at its registered endpoint, not by the node's API. */
export const validatorRoutes = {
  requestShare: {
    method: 'POST', path: '/shares', summary: 'A key share sealed to the asker, who is entitled at a finalized block',
    body: shareRequestSchema, response: shareAnswerSchema,
  },
  requestDealing: {
    method: 'POST', path: '/dealings', summary: 'What this holder deals to the holders of a handover that is drawn on chain',
    body: handoverRefSchema, response: z.object({ validatorId: z.number().int(), dealing: dealingSchema }),
  },
  listAccesses: {
    method: 'POST', path: '/accesses', summary: 'Who asked this validator for its share of a key, newest first; for the asset\'s owner',
    body: accessLogRequestSchema, response: accessesSchema,
  },
  listNotices: {
    method: 'POST', path: '/notices', summary: 'What this validator found in an asset that concerns its owner alone; for the asset\'s owner',
    body: accessLogRequestSchema, response: noticesSchema,
  },
  statePurpose: {
    method: 'POST', path: '/purposes', summary: 'A buyer\'s signed promise what an order or a subscription is for: without it no key of what has limits is granted',
    body: signedPurposeSchema, response: purposeKeptSchema,
  },
  listPurposes: {
    method: 'POST', path: '/purposes/list', summary: 'What buyers of an asset promised that they want it for, each signed, newest first; for the asset\'s owner',
    body: accessLogRequestSchema, response: purposesSchema,
  },
  drill: {
    method: 'POST', path: '/drills', summary: 'A proof that this validator holds its share; nothing of the share leaves',
    body: drillRequestSchema, response: drillAnswerSchema,
  },
} as const satisfies Record<string, Route>;
