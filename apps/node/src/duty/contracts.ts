import { accusationsAbi, assetRegistryAbi, challengesAbi, custodyAbi, marketAbi, neuroCoinAbi, stakingAbi, subscriptionsAbi, trainingAbi, trialsAbi, validatorsAbi, workersAbi } from '@neurodata/protocol';
import type { Addresses } from '@neurodata/protocol';

/** The deployment's contracts as viem takes them: `{ address, abi }`. */
export function contractsOf(addresses: Addresses) {
  return {
    coin: { address: addresses.neuroCoin, abi: neuroCoinAbi },
    staking: { address: addresses.staking, abi: stakingAbi },
    validators: { address: addresses.validators, abi: validatorsAbi },
    registry: { address: addresses.assetRegistry, abi: assetRegistryAbi },
    market: { address: addresses.market, abi: marketAbi },
    subscriptions: { address: addresses.subscriptions, abi: subscriptionsAbi },
    training: { address: addresses.training, abi: trainingAbi },
    custody: { address: addresses.custody, abi: custodyAbi },
    workers: { address: addresses.workers, abi: workersAbi },
    accusations: { address: addresses.accusations, abi: accusationsAbi },
    challenges: { address: addresses.challenges, abi: challengesAbi },
    trials: { address: addresses.trials, abi: trialsAbi },
  } as const;
}

export type Contracts = ReturnType<typeof contractsOf>;
