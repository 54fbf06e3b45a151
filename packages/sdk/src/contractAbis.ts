import {
  accusationsAbi, type Addresses, assetRegistryAbi, challengesAbi, curationAbi, custodyAbi, disputesAbi, governorAbi, guardianAbi, liquidityMiningAbi, marketAbi, milestoneEscrowAbi, neuroCoinAbi, neuroVotesAbi, orderDisputesAbi, privateOffersAbi, reviewsAbi, stakingAbi, subscriptionsAbi, timelockAbi, trainingAbi, trialsAbi, validatorsAbi, workersAbi,
} from '@neurodata/protocol';
import type { Abi } from 'viem';

/** The interface of every contract, by its name in a deployment: whose calls a proposal can hold, whose errors and events are understood. */
export const contractAbis: Record<keyof Addresses, Abi> = {
  neuroCoin: neuroCoinAbi, staking: stakingAbi, validators: validatorsAbi, assetRegistry: assetRegistryAbi, market: marketAbi, training: trainingAbi, subscriptions: subscriptionsAbi,
  neuroVotes: neuroVotesAbi, timelock: timelockAbi, governor: governorAbi, guardian: guardianAbi,
  disputes: disputesAbi, orderDisputes: orderDisputesAbi, challenges: challengesAbi, milestoneEscrow: milestoneEscrowAbi, liquidityMining: liquidityMiningAbi, reviews: reviewsAbi, curation: curationAbi, privateOffers: privateOffersAbi, custody: custodyAbi, workers: workersAbi, accusations: accusationsAbi, trials: trialsAbi,
};
