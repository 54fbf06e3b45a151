import {
  assetRegistryAbi, challengesAbi, curationAbi, custodyAbi, disputesAbi, governorAbi, liquidityMiningAbi, marketAbi, milestoneEscrowAbi, orderDisputesAbi, privateOffersAbi, reviewsAbi, stakingAbi, subscriptionsAbi, trainingAbi, trialsAbi, validatorsAbi, workersAbi,
} from '@neurodata/protocol';
import type { Deployment } from '@neurodata/protocol';
import type { Address, ContractEventArgsFromTopics, ContractEventName, Hex } from 'viem';

/** The contracts whose events are indexed. */
export const abis = {
  assetRegistry: assetRegistryAbi, curation: curationAbi, custody: custodyAbi, market: marketAbi, orderDisputes: orderDisputesAbi, privateOffers: privateOffersAbi, staking: stakingAbi, training: trainingAbi, subscriptions: subscriptionsAbi, challenges: challengesAbi, trials: trialsAbi, validators: validatorsAbi, workers: workersAbi,
  disputes: disputesAbi, governor: governorAbi, liquidityMining: liquidityMiningAbi, milestoneEscrow: milestoneEscrowAbi, reviews: reviewsAbi,
} as const;
export type ContractName = keyof typeof abis;
export const contractNames = Object.keys(abis) as ContractName[];

export type EventName<C extends ContractName> = ContractEventName<(typeof abis)[C]>;
export type EventArgs<C extends ContractName, N extends EventName<C>> = ContractEventArgsFromTopics<(typeof abis)[C], N>;

/** Where and when an event happened. `timestamp` in Unix seconds. */
export type EventPlace = { block: number; logIndex: number; transaction: Hex; timestamp: number };
export type ChainEvent<C extends ContractName, N extends EventName<C>> = EventPlace & { args: EventArgs<C, N> };

export function addressesOf(deployment: Deployment): Address[] {
  return contractNames.map((name) => deployment.addresses[name]);
}

/** Names a deployment, so that rows of another one are never taken for its own. */
export function deploymentKey(deployment: Deployment): string {
  return [deployment.chainId, deployment.block, ...addressesOf(deployment)].join(':').toLowerCase();
}
