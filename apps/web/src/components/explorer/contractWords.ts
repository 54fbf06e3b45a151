import { t } from '../../language/t.ts';

/** What each contract is for; its name in the deployment is its address's name everywhere. */
const contractWords: Record<string, [name: string, what: string]> = {
  neuroCoin: ['NeuroCoin', t`The coin: ERC-20 with permit, capped; minted only within budgets`],
  neuroVotes: ['NeuroVotes', t`Coins wrapped into votes`],
  staking: ['Staking', t`Stake of validators, workers and jurors; rewards from a funded pool`],
  validators: ['Validators', t`Who holds key shares and re-executes runs; rounds and verdicts`],
  workers: ['Workers', t`Who trains, with what, for how much`],
  assetRegistry: ['AssetRegistry', t`Assets, their versions and lineage`],
  market: ['Market', t`Offers, orders and their escrow; who may have which key`],
  subscriptions: ['Subscriptions', t`Access by the period, and its escrow`],
  privateOffers: ['PrivateOffers', t`Offers signed for one buyer`],
  training: ['Training', t`Training runs from order to settlement, and their escrow`],
  trials: ['Trials', t`Fees of trial runs, until they are the buyer’s again or the publisher’s`],
  challenges: ['Challenges', t`Bonds and moves where a verdict on a run is contested`],
  orderDisputes: ['OrderDisputes', t`Disputes about orders, first before validators`],
  disputes: ['Disputes', t`Jurors: draw, secret votes, appeals`],
  milestoneEscrow: ['MilestoneEscrow', t`Bespoke deals, paid milestone by milestone`],
  curation: ['Curation', t`Listing bonds, reviews by curators, suspensions`],
  reviews: ['Reviews', t`Ratings by buyers of completed orders`],
  custody: ['Custody', t`Handing keys on to other holders`],
  accusations: ['Accusations', t`False key shares, shown and punished`],
  liquidityMining: ['LiquidityMining', t`Rewards for staked liquidity tokens`],
  governor: ['Governor', t`Proposals and votes`],
  timelock: ['Timelock', t`Owns every contract; what was voted waits here`],
  guardian: ['Guardian', t`May stop new business for a while, nothing else`],
};

/** A contract's name as people read it. */
export function contractWord(name: string): string {
  return contractWords[name]?.[0] ?? name;
}

/** What a contract is for, in one line. */
export function contractText(name: string): string | undefined {
  return contractWords[name]?.[1];
}
