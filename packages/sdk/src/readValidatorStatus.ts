import { type FaultCosts, NeuroError, type RoundOutcome, type RoundPart, explainRound, faultCosts, outcomeOfRound, riskOfRound, stakingAbi, trainingAbi, validatorsAbi } from '@neurodata/protocol';
import type { Address, Hex } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { type Participation, participationOf } from './participationOf.ts';
import { type Duty, readDuties } from './readDuties.ts';
import { type Accusation, readAccusations } from './readAccusations.ts';
import { readRoundPart } from './readRoundPart.ts';

/** A round of the validator's, with what it was or is to it, why, the most that it can still cost, and the deadline that matters next. */
export type ValidatorRound = RoundPart & { roundId: Hex; subject: Hex; block: number; transaction?: Hex; outcome: RoundOutcome; sentence: string; risk: bigint; deadline?: number };

/** Amounts in base units of NCR, moments in Unix seconds of the chain. */
export type ValidatorStatus = {
  validatorId: number; account: Address; active: boolean; endpoint: string; encryptionKey: Hex;
  /** The block as of which all of this is. */
  block: number; time: number;
  /** The first block whose logs were looked at, in how many ranges; `complete` where nothing came before it. */
  fromBlock: number; complete: boolean; requests: number;
  stake: { own: bigint; locked: bigint; free: bigint; delegated: bigint; least: bigint };
  /** What each fault would cost now, and all open rounds together at worst. */
  costs: FaultCosts; atRisk: bigint;
  /** `owed` by rounds and not withdrawn; `staking`: the yearly rate on stake, not claimed. The others: over all rounds looked at. */
  rewards: { owed: bigint; staking: bigint; earned: bigint; slashed: bigint };
  /** Rounds that have not ended, by deadline. */
  duties: ValidatorRound[];
  next?: { roundId: Hex; what: 'commit' | 'reveal'; until: number };
  /** The last rounds, newest first. */
  rounds: ValidatorRound[];
  /** Of false grants, newest first. */
  accusations: Accusation[];
  participation: Participation;
};

export type ReadValidatorStatusParameters = { client: NeuroClient; /** By default the client's account. */ who?: number | Address; /** How many rounds to tell of; 20 by default. */ rounds?: number };

/**
 * Why a validator was paid or not, what it has to do next and what that can cost: from contracts and logs alone, as of one
 * block. Throws `NOT_FOUND` where there is no such validator, `UNREACHABLE`, `TIMEOUT`.
 */
export async function readValidatorStatus(parameters: ReadValidatorStatusParameters): Promise<ValidatorStatus> {
  const { client, rounds: count = 20 } = parameters;
  try {
    const { number: blockNumber, timestamp } = await client.publicClient.getBlock();
    const validatorId = await findValidator(client, parameters.who ?? accountOf(client).address);
    const at = { client, validatorId, blockNumber };
    const facts = await readFacts(at);
    const { duties: drawn, fromBlock, complete, requests } = await readDuties({ client, validatorId, toBlock: blockNumber });
    const accusations = (await readAccusations({ client, validatorId })).toReversed();
    const shown = drawn.filter((duty, index) => index < count || !duty.ended);
    const tell = createTeller({ ...at, ...facts, now: Number(timestamp) });
    const told = await Promise.all(shown.map(tell));
    const duties = told.filter(({ right }) => right === undefined).sort((a, b) => (a.deadline ?? Infinity) - (b.deadline ?? Infinity));
    const worst = duties.reduce((sum, { risk }) => sum + risk, 0n);
    const next = duties.flatMap((round) => nextOf(round)).sort((a, b) => a.until - b.until)[0];
    const { locked, free } = facts.stake;
    return {
      validatorId, ...facts.registered, block: Number(blockNumber), time: Number(timestamp), fromBlock: Number(fromBlock), complete, requests, stake: facts.stake, costs: facts.costs,
      atRisk: worst < locked + free ? worst : locked + free,
      rewards: { ...facts.rewards, earned: sumOf(drawn, 'rewarded'), slashed: sumOf(drawn, 'slashed') + accusations.reduce((sum, { lost }) => sum + lost, 0n) },
      duties, rounds: told.slice(0, count), accusations, participation: participationOf(drawn, Number(timestamp)), ...(next ? { next } : {}),
    };
  } catch (error) {
    throw toNeuroError(error);
  }
}

const sumOf = (duties: Duty[], name: 'rewarded' | 'slashed'): bigint => duties.reduce((sum, duty) => sum + duty[name], 0n);

async function findValidator(client: NeuroClient, who: number | Address): Promise<number> {
  const contract = { address: client.config.deployment.addresses.validators, abi: validatorsAbi } as const;
  if (typeof who === 'number') {
    const count = await client.publicClient.readContract({ ...contract, functionName: 'validatorCount' });
    if (Number.isInteger(who) && who >= 1 && who <= count) return who;
    throw new NeuroError(`There is no validator ${who}.`, { code: 'NOT_FOUND', remedy: count === 0 ? 'None has registered yet.' : `Name one from 1 to ${count}, or its account.` });
  }
  const validatorId = await client.publicClient.readContract({ ...contract, functionName: 'validatorIdOf', args: [who] });
  if (validatorId !== 0) return validatorId;
  throw new NeuroError(`${who} has never been a validator.`, { code: 'NOT_FOUND', remedy: 'Name the number of a validator, or the account that registered it.' });
}

type At = { client: NeuroClient; validatorId: number; blockNumber: bigint };
type Facts = Pick<ValidatorStatus, 'stake' | 'costs'> & {
  registered: Pick<ValidatorStatus, 'account' | 'active' | 'endpoint' | 'encryptionKey'>; rewards: Pick<ValidatorStatus['rewards'], 'owed' | 'staking'>; challengeWindow: number;
};

async function readFacts({ client, validatorId, blockNumber }: At): Promise<Facts> {
  const { addresses } = client.config.deployment;
  const read = client.publicClient;
  const validators = { address: addresses.validators, abi: validatorsAbi, blockNumber } as const;
  const staking = { address: addresses.staking, abi: stakingAbi, blockNumber } as const;
  const [member, rules, training] = await Promise.all([
    read.readContract({ ...validators, functionName: 'validator', args: [validatorId] }),
    read.readContract({ ...validators, functionName: 'params' }),
    read.readContract({ address: addresses.training, abi: trainingAbi, functionName: 'params', blockNumber }),
  ]);
  const { account, active, endpoint, encryptionKey, locked } = member;
  const args = [account] as const;
  const [owed, pending, own, free, delegated] = await Promise.all([
    read.readContract({ ...validators, functionName: 'owed', args }),
    read.readContract({ ...staking, functionName: 'pendingRewards', args }),
    read.readContract({ ...staking, functionName: 'stakeOf', args }),
    read.readContract({ ...staking, functionName: 'freeOf', args }),
    read.readContract({ ...staking, functionName: 'delegatedTo', args }),
  ]);
  return {
    registered: { account, active, endpoint, encryptionKey }, stake: { own, locked, free, delegated, least: rules.minStake }, costs: faultCosts({ locked, ...rules }),
    rewards: { owed, staking: pending }, challengeWindow: training.challengeWindow,
  };
}

function createTeller({ now, registered, costs, ...at }: At & Facts & { now: number }): (duty: Duty) => Promise<ValidatorRound> {
  return async (duty) => {
    const part = await readRoundPart({ ...at, duty, account: registered.account });
    const outcome = outcomeOfRound(part, now);
    const deadline = deadlineOf(part, outcome);
    return {
      roundId: duty.roundId, block: Number(duty.block), ...part, outcome, sentence: explainRound(part, now), risk: riskOfRound(part, outcome, costs),
      ...(duty.ended ? { transaction: duty.ended.transaction } : {}), ...(deadline === undefined ? {} : { deadline }),
    };
  };
}

function deadlineOf(part: RoundPart, outcome: RoundOutcome): number | undefined {
  if (outcome === 'to-commit') return part.commitUntil;
  if (outcome === 'committed' || outcome === 'to-reveal' || outcome === 'revealed') return part.revealUntil;
  return outcome === 'contestable' ? part.contestableUntil : undefined;
}

function nextOf({ roundId, outcome, commitUntil, revealUntil }: ValidatorRound): NonNullable<ValidatorStatus['next']>[] {
  if (outcome === 'to-commit') return [{ roundId, what: 'commit', until: commitUntil }];
  return outcome === 'to-reveal' || outcome === 'committed' ? [{ roundId, what: 'reveal', until: revealUntil }] : [];
}
