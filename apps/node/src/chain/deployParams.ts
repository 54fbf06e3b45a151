import { addressSchema, type Addresses, addressesSchema, NeuroError, parseNcr } from '@neurodata/protocol';
import { type Address, formatUnits, parseUnits } from 'viem';
import { z } from 'zod';

/** An account, or the name of a contract of the same deployment, e.g. `timelock`. */
export type Party = Address | keyof Addresses;

/** What a deployment fixes. Amounts in base units of NCR, windows in seconds, `Bps` in hundredths of a percent. */
export type DeployParams = {
  /** Receives fees. */
  treasury: Party;
  /** Who owns the contracts where they are not handed over. May change the parameters later, within the contracts' caps. */
  owner: Address;
  /** The timelock owns every contract and the coin from the first block on; `owner` then owns nothing. */
  handOver: boolean;
  coin: { name: string; symbol: string; allocations: readonly { to: Party; amount: bigint }[]; budgets: readonly { minter: Party; amount: bigint }[] };
  votes: { name: string; symbol: string };
  governance: { votingDelay: number; votingPeriod: number; proposalThreshold: bigint; quorumPercent: number; quorumFloor: bigint; timelockDelay: number };
  guardian: { account: Address; maxPause: number; coolDown: number };
  feeBps: number;
  staking: { rateBps: number; unbondDelay: number };
  validators: { minStake: bigint; roundFee: bigint; commitWindow: number; revealWindow: number; committeeSize: number; silenceBps: number; minorityBps: number; overruledBps: number };
  market: { grantWindow: number; grantMargin: number; confirmWindow: number };
  /** Disputes about the content of orders. */
  orderDisputes: { verdictWindow: number; escalationWindow: number };
  training: {
    minBond: bigint; stallPenalty: bigint; claimWindow: number; openWindow: number; runWindow: number;
    /** A worker that is silent for longer loses its claim. */
    heartbeatWindow: number; cancelWindow: number; challengeWindow: number; rewardBps: number;
  };
  /** `moveWindow` is the clock of each move; `wrongedBps` the part of a lost bond that goes to the worker. */
  challenges: { bond: bigint; moveWindow: number; wrongedBps: number };
  /** What a false grant costs, as a part of the least stake, and the part of that which its accuser gets. */
  accusations: { lossBps: number; rewardBps: number };
  /** Seconds for which the fee of a trial run waits for a purchase. */
  trials: { holdPeriod: number };
  /** `ticketStake`, `jurorFee` and `penalty` are for one ticket or seat of a juror. */
  disputes: {
    ticketStake: bigint; jurorFee: bigint; penalty: bigint; burnBps: number; jurySize: number;
    drawWindow: number; commitWindow: number; revealWindow: number; appealWindow: number; governanceWindow: number;
  };
  /** `bond`: put up with each new asset. */
  curation: { bond: bigint; reviewWindow: number; appealWindow: number; curators: readonly Address[] };
};

/** Seconds. */
export type DeployWindows = {
  grant: number; grantMargin: number; confirm: number; dispute: number; escalate: number; commit: number; reveal: number; jobClaim: number; jobOpen: number; jobRun: number;
  jobHeartbeat: number; jobCancel: number; jobChallenge: number; move: number;
};

const hour = 3_600;
const day = 86_400;
const ncr = (amount: string): bigint => parseUnits(amount, 18);

/** Windows for a public chain, where blocks come late and people sleep. */
export const publicWindows: DeployWindows = {
  grant: 6 * hour, grantMargin: 600, confirm: 3 * day, dispute: 7 * day, escalate: 3 * day, commit: hour, reveal: hour, jobClaim: 600, jobOpen: day, jobRun: day,
  jobHeartbeat: hour, jobCancel: hour, jobChallenge: day, move: 6 * hour,
};

/** A vote takes eight days on a public chain. A tenth of a percent of the first coins proposes, one percent decides. */
export const publicVoting: DeployParams['governance'] = {
  votingDelay: day, votingPeriod: 5 * day, timelockDelay: 2 * day, proposalThreshold: ncr('100000'), quorumPercent: 4, quorumFloor: ncr('1000000'),
};
/** Two minutes, and within the means of a demo account, on the embedded chain. */
export const demoVoting: DeployParams['governance'] = {
  votingDelay: 5, votingPeriod: 120, timelockDelay: 5, proposalThreshold: ncr('1000'), quorumPercent: 4, quorumFloor: ncr('5000'),
};

/** Moves of a challenge over a hundred thousand checkpoints. */
const longestGame = 17;

/** The usual economy with the given windows. Stake unbonds for longer than an order or a run can still be contested. */
export function chooseDeployParams(parameters: {
  treasury: Party; owner: Address; windows: DeployWindows; voting?: DeployParams['governance'];
}): DeployParams {
  const { treasury, owner, windows, voting = publicVoting } = parameters;
  const contestable = windows.grant + windows.confirm + windows.dispute + windows.escalate + windows.jobOpen + windows.jobRun + windows.jobCancel + windows.jobChallenge
    + longestGame * windows.move + 2 * (windows.commit + windows.reveal);
  return {
    treasury, owner, handOver: false, feeBps: 25,
    coin: { name: 'NeuroCoin', symbol: 'NCR', allocations: [{ to: treasury, amount: ncr('100000000') }], budgets: [] },
    votes: { name: 'NeuroCoin Votes', symbol: 'vNCR' },
    governance: voting,
    guardian: { account: owner, maxPause: 7 * day, coolDown: 30 * day },
    staking: { rateBps: 500, unbondDelay: contestable + day },
    validators: { minStake: ncr('10000'), roundFee: ncr('0.6'), commitWindow: windows.commit, revealWindow: windows.reveal, committeeSize: 3, silenceBps: 10, minorityBps: 100, overruledBps: 1_000 },
    market: { grantWindow: windows.grant, grantMargin: windows.grantMargin, confirmWindow: windows.confirm },
    orderDisputes: { verdictWindow: windows.dispute, escalationWindow: windows.escalate },
    training: { minBond: ncr('100'), stallPenalty: ncr('20'), claimWindow: windows.jobClaim, openWindow: windows.jobOpen, runWindow: windows.jobRun, heartbeatWindow: windows.jobHeartbeat,
      cancelWindow: windows.jobCancel, challengeWindow: windows.jobChallenge, rewardBps: 5_000 },
    challenges: { bond: ncr('20'), moveWindow: windows.move, wrongedBps: 5_000 },
    accusations: { lossBps: 2_000, rewardBps: 5_000 },
    trials: { holdPeriod: 30 * day },
    disputes: {
      ticketStake: ncr('1000'), jurorFee: ncr('5'), penalty: ncr('100'), burnBps: 5_000, jurySize: 3,
      drawWindow: windows.dispute, commitWindow: windows.dispute, revealWindow: windows.dispute, appealWindow: windows.dispute, governanceWindow: 30 * day,
    },
    curation: { bond: ncr('5'), reviewWindow: windows.confirm, appealWindow: windows.dispute, curators: [owner] },
  };
}

const contractNames = Object.keys(addressesSchema.shape) as (keyof Addresses)[];
const partySchema = z.custom<Party>((value) => addressSchema.safeParse(value).success || contractNames.includes(value as keyof Addresses), `expected an address, or one of ${contractNames.join(', ')}`);
const amountSchema = z.string().transform((text, context) => {
  try {
    return parseNcr(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected an amount of NCR as a string, like "25" or "0.5"' });
    return z.NEVER;
  }
});
const count = z.number().int().nonnegative();

const fileSchema = z.strictObject({
  treasury: partySchema, owner: addressSchema, handOver: z.boolean(), feeBps: count,
  coin: z.strictObject({
    name: z.string().min(1), symbol: z.string().min(1),
    allocations: z.array(z.strictObject({ to: partySchema, amount: amountSchema })), budgets: z.array(z.strictObject({ minter: partySchema, amount: amountSchema })),
  }).partial(),
  votes: z.strictObject({ name: z.string().min(1), symbol: z.string().min(1) }).partial(),
  governance: z.strictObject({ votingDelay: count, votingPeriod: count, proposalThreshold: amountSchema, quorumPercent: count, quorumFloor: amountSchema, timelockDelay: count }).partial(),
  guardian: z.strictObject({ account: addressSchema, maxPause: count, coolDown: count }).partial(),
  staking: z.strictObject({ rateBps: count, unbondDelay: count }).partial(),
  validators: z.strictObject({ minStake: amountSchema, roundFee: amountSchema, commitWindow: count, revealWindow: count, committeeSize: count, silenceBps: count, minorityBps: count, overruledBps: count }).partial(),
  market: z.strictObject({ grantWindow: count, grantMargin: count, confirmWindow: count }).partial(),
  orderDisputes: z.strictObject({ verdictWindow: count, escalationWindow: count }).partial(),
  training: z.strictObject({ minBond: amountSchema, stallPenalty: amountSchema, claimWindow: count, openWindow: count, runWindow: count, heartbeatWindow: count, cancelWindow: count, challengeWindow: count, rewardBps: count }).partial(),
  challenges: z.strictObject({ bond: amountSchema, moveWindow: count, wrongedBps: count }).partial(),
  accusations: z.strictObject({ lossBps: count, rewardBps: count }).partial(),
  trials: z.strictObject({ holdPeriod: count }).partial(),
  disputes: z.strictObject({
    ticketStake: amountSchema, jurorFee: amountSchema, penalty: amountSchema, burnBps: count, jurySize: count,
    drawWindow: count, commitWindow: count, revealWindow: count, appealWindow: count, governanceWindow: count,
  }).partial(),
  curation: z.strictObject({ bond: amountSchema, reviewWindow: count, appealWindow: count, curators: z.array(addressSchema) }).partial(),
}).partial();

/** Takes what a group does not say from the usual one. */
function completed<T extends object>(usual: T, given: object | undefined): T {
  return { ...usual, ...Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined)) };
}

/**
 * A parameter file: JSON in the shape of {@link DeployParams}, amounts as decimal strings of NCR; what it leaves out is as
 * on {@link publicWindows}, with `deployer` as owner and guardian and the timelock as treasury. Throws BAD_INPUT.
 */
export function parseDeployParams(parameters: { value: unknown; deployer: Address }): DeployParams {
  const { value, deployer } = parameters;
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) throw new NeuroError('The deployment parameters are not valid.', { code: 'BAD_INPUT', remedy: 'Correct what is named below.', details: z.prettifyError(parsed.error) });
  const { data } = parsed;
  const usual = chooseDeployParams({ treasury: data.treasury ?? 'timelock', owner: data.owner ?? deployer, windows: publicWindows });
  return {
    ...completed(usual, data),
    coin: completed(usual.coin, data.coin), votes: completed(usual.votes, data.votes), governance: completed(usual.governance, data.governance),
    guardian: completed(usual.guardian, data.guardian), staking: completed(usual.staking, data.staking), validators: completed(usual.validators, data.validators),
    market: completed(usual.market, data.market), orderDisputes: completed(usual.orderDisputes, data.orderDisputes), training: completed(usual.training, data.training), challenges: completed(usual.challenges, data.challenges),
    accusations: completed(usual.accusations, data.accusations), trials: completed(usual.trials, data.trials),
    disputes: completed(usual.disputes, data.disputes), curation: completed(usual.curation, data.curation),
  };
}

/** The parameters as JSON that {@link parseDeployParams} reads back to the same. */
export function formatDeployParams(params: DeployParams): unknown {
  return JSON.parse(JSON.stringify(params, (_, value: unknown) => (typeof value === 'bigint' ? formatUnits(value, 18) : value)));
}
