import type { RouteName } from '@neurodata/protocol';
import * as adminHandlers from './admin.ts';
import * as adminNodeHandlers from './adminNode.ts';
import { listAlgorithms } from './algorithms.ts';
import * as analyticsHandlers from './analytics.ts';
import { getAsset, getListing, listAssets } from './assets.ts';
import * as jobsHandlers from './backgroundJobs.ts';
import { getDeal, listDeals } from './deals.ts';
import { getDispute, listDisputes, listJurors } from './disputes.ts';
import * as discoveryHandlers from './discovery.ts';
import type { Handler } from './Handler.ts';
import * as identityHandlers from './identity.ts';
import * as notificationHandlers from './notifications.ts';
import * as passkeyHandlers from './passkeys.ts';
import * as userHandlers from './users.ts';
import { getNetwork } from './network.ts';
import * as escrowHandlers from './escrows.ts';
import * as preparedHandlers from './prepared.ts';
import { getLeaderboard } from './leaderboard.ts';
import { getModelCheck } from './modelChecks.ts';
import { getConfig, getReadiness, getStats, listDemoAccounts, requestFunds } from './node.ts';
import { getAccount, listValidators, listWorkers } from './people.ts';
import { getGovernance, getProposal, listProposals } from './proposals.ts';
import { reportModelCheck, reportProgress, reportTableCheck } from './reports.ts';
import * as relayHandlers from './relay.ts';
import { listReviews } from './reviews.ts';
import { listDelegations, listPools, listStakes } from './stakes.ts';
import { getTableCheck } from './tableChecks.ts';
import { appealHidden, getRatings, listOwnHidden, listOwnReports, replyToReview, report } from './trust.ts';
import { getJob, getOrder, getRound, getSubscription, listJobs, listOrders, listSubscriptions } from './trades.ts';

/** One handler per route of the table: a missing one does not compile. */
export const handlers: { [K in RouteName]: Handler<K> } = {
  getReadiness, getConfig, getStats, listDemoAccounts, requestFunds, listAlgorithms, listAssets, getAsset, getLeaderboard, getModelCheck, reportModelCheck, getTableCheck, reportTableCheck, reportProgress, getListing, listOrders, getOrder, listSubscriptions, getSubscription, listJobs, getJob, getRound,
  listValidators, listWorkers, getNetwork, getAccount,
  ...discoveryHandlers,
  listDeals, getDeal, listDisputes, getDispute, listJurors, listReviews, listProposals, getProposal, getGovernance, listStakes, listDelegations, listPools,
  ...userHandlers, ...passkeyHandlers, ...notificationHandlers, ...identityHandlers, ...jobsHandlers,
  ...userHandlers,
  appealHidden, getRatings, listOwnHidden, listOwnReports, replyToReview, report,
  ...adminHandlers, ...adminNodeHandlers, ...analyticsHandlers, ...escrowHandlers, ...preparedHandlers, ...relayHandlers,
};
