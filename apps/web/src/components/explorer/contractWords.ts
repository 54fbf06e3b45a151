/** What each contract is for; its name in the deployment is its address's name everywhere. */
const contractWords: Record<string, [name: string, what: string]> = {
  neuroCoin: ['NeuroCoin', 'The coin: ERC-20 with permit, capped; minted only within budgets'],
  neuroVotes: ['NeuroVotes', 'Coins wrapped into votes'],
  staking: ['Staking', 'Stake of validators, workers and jurors; rewards from a funded pool'],
  validators: ['Validators', 'Who holds key shares and re-executes runs; rounds and verdicts'],
  workers: ['Workers', 'Who trains, with what, for how much'],
  assetRegistry: ['AssetRegistry', 'Assets, their versions and lineage'],
  market: ['Market', 'Offers, orders and their escrow; who may have which key'],
  subscriptions: ['Subscriptions', 'Access by the period, and its escrow'],
  privateOffers: ['PrivateOffers', 'Offers signed for one buyer'],
  training: ['Training', 'Training runs from order to settlement, and their escrow'],
  challenges: ['Challenges', 'Bonds and moves where a verdict on a run is contested'],
  orderDisputes: ['OrderDisputes', 'Disputes about orders, first before validators'],
  disputes: ['Disputes', 'Jurors: draw, secret votes, appeals'],
  milestoneEscrow: ['MilestoneEscrow', 'Bespoke deals, paid milestone by milestone'],
  curation: ['Curation', 'Listing bonds, reviews by curators, suspensions'],
  reviews: ['Reviews', 'Ratings by buyers of completed orders'],
  custody: ['Custody', 'Handing keys on to other holders'],
  accusations: ['Accusations', 'False key shares, shown and punished'],
  liquidityMining: ['LiquidityMining', 'Rewards for staked liquidity tokens'],
  governor: ['Governor', 'Proposals and votes'],
  timelock: ['Timelock', 'Owns every contract; what was voted waits here'],
  guardian: ['Guardian', 'May stop new business for a while, nothing else'],
};

/** A contract's name as people read it. */
export function contractWord(name: string): string {
  return contractWords[name]?.[0] ?? name;
}

/** What a contract is for, in one line. */
export function contractText(name: string): string | undefined {
  return contractWords[name]?.[1];
}
