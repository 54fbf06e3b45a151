import type { Addresses, Config } from '@neurodata/protocol';
import type { Address } from 'viem';
import { contractNameOf } from './decodeCall.ts';

/** Whether by a permit or by a transaction: who may take an amount, and what for. By the contracts that take money. */
const sentences: Partial<Record<keyof Addresses, (amount: string) => string>> = {
  market: (amount) => `Let the market take ${amount} for what you buy`,
  subscriptions: (amount) => `Let the market take ${amount} for your subscription`,
  privateOffers: (amount) => `Let the market take ${amount} for what was offered to you`,
  training: (amount) => `Let the market take ${amount} for your training run`,
  trials: (amount) => `Let the market take ${amount} for your trial run`,
  assetRegistry: (amount) => `Let the market take ${amount} as the fee of the validators’ check`,
  challenges: (amount) => `Let the market take ${amount} as the bond of your challenge or appeal`,
  accusations: (amount) => `Let the market take ${amount} as the bond of your accusation`,
  orderDisputes: (amount) => `Let the market take ${amount} for your dispute about an order`,
  disputes: (amount) => `Let the market take ${amount} for your appeal to a larger jury`,
  curation: (amount) => `Let the market take ${amount} for your appeal to jurors`,
  milestoneEscrow: (amount) => `Let the market take ${amount} for your deal`,
  neuroVotes: (amount) => `Let ${amount} be turned into votes`,
  staking: (amount) => `Let ${amount} be put at stake`,
  liquidityMining: (amount) => `Let ${amount} be taken for rewards on liquidity`,
};

const others = (spender: Address) => (amount: string): string => `Let the contract ${spender} take ${amount} of yours`;

/** What an approval is for, in a sentence. `amount` with its unit, e.g. "1500 NCR". */
export function spendingSentence({ config, spender, amount }: { config: Pick<Config, 'deployment'>; spender: Address; amount: string }): string {
  const contract = contractNameOf(config, spender);
  return ((contract && sentences[contract]) ?? others(spender))(amount);
}
