import { roundKinds, verdicts } from '@neurodata/protocol';
import type { RoundKind } from '@neurodata/protocol';
import { toNeuroError } from '@neurodata/sdk';
import { randomBytes } from 'node:crypto';
import { bytesToHex, encodeAbiParameters, keccak256 } from 'viem';
import type { Hex } from 'viem';
import { createFeed } from '../duty/createFeed.ts';
import { createLoop } from '../duty/createLoop.ts';
import type { Loop } from '../duty/createLoop.ts';
import { readClock } from '../duty/readClock.ts';
import { revertOf } from '../duty/revertOf.ts';
import { createSideBySide } from '../duty/sideBySide.ts';
import type { Tended } from '../duty/sideBySide.ts';
import { readDraw } from './checkRound.ts';
import type { CheckRound } from './checkRound.ts';
import type { Duty, DutyStore, Opening } from './duties.ts';
import type { ValidatorSetup } from './setup.ts';

/** Source of the order: Solidity's `IValidators.Phase`. */
const phases = ['none', 'drawing', 'commit', 'reveal', 'settleable', 'settled'] as const;

/** Left for the commitment's own transaction, milliseconds. */
const COMMIT_MARGIN_MS = 5_000;
const LONGEST_WAIT_MS = 5_000;
/** Between two looks at a chain that is away: a round lasts seconds. */
const LONGEST_PAUSE_MS = 2_000;
/** Each holds a dataset in memory. More than one, so that a check which waits for key holders that are away keeps the next ones waiting less. */
const CHECKS_AT_ONCE = 2;
/** How often what stands on chain already is looked at again: a reorganisation may take it back. */
const LOOK_AGAIN_MS = 4_000;
/** Longer than a transaction takes, so that the first one's is seen by the second. */
const TURN_MS = 700;

type OpenRound = Tended & {
  roundId: Hex;
  kind: RoundKind;
  subject: Hex;
  failures: number;
  waitedFor?: 'drawCommittee' | 'settle';
  member?: boolean;
  /** Said once that it came too late to have a say; it goes on looking, since a reorganisation may open the round again. */
  silent: boolean;
};

/**
 * Takes part in rounds: draws committees, checks what this validator was drawn for, commits, reveals, settles. What
 * comes next follows from the chain; a verdict with its salt is saved before its commitment is sent.
 */
export function createRounds(parameters: { setup: ValidatorSetup; duties: DutyStore; check: CheckRound }): Loop {
  const { setup } = parameters;
  const { client, contracts, log } = setup;
  const open = new Map<Hex, OpenRound>();
  const feed = createFeed({
    publicClient: client.publicClient,
    fromBlock: BigInt(client.config.deployment.block),
    read: (range) => client.publicClient.getContractEvents({ ...contracts.validators, ...range, eventName: 'RoundOpened', strict: true }),
  });
  const work: Work = { ...parameters, open, checks: new Map() };
  const rounds = createSideBySide<OpenRound>((round, signal) => step(work, round, signal).catch((error: unknown) => postpone(work, round, error)));

  async function tick(signal: AbortSignal): Promise<void> {
    try {
      for (const { args } of await feed.poll()) {
        const { roundId, kind, subject } = args;
        if (!open.has(roundId)) open.set(roundId, { roundId, kind: roundKinds[kind] ?? 'version', subject, notBefore: 0, failures: 0, silent: false });
      }
    } finally {
      // Those that are known have deadlines, whether or not it can be told now what else there is.
      rounds.visit(open.values(), signal);
    }
  }

  const loop = createLoop({ name: 'rounds', longestWaitMs: LONGEST_PAUSE_MS, tick, log });
  return {
    start: loop.start,
    stop: async () => {
      await loop.stop();
      await rounds.ended();
      await Promise.all(work.checks.values());
    },
  };
}

type Work = { setup: ValidatorSetup; duties: DutyStore; check: CheckRound; open: Map<Hex, OpenRound>; /** Checks under way, by round. */ checks: Map<Hex, Promise<void>> };

function postpone(work: Work, round: OpenRound, error: unknown): void {
  round.failures += 1;
  round.notBefore = performance.now() + Math.min(500 * 2 ** round.failures, LONGEST_WAIT_MS);
  work.setup.log.warn({ err: error, roundId: round.roundId, kind: round.kind, failures: round.failures }, 'a round cannot go on now');
}

async function step(work: Work, round: OpenRound, signal: AbortSignal): Promise<void> {
  const { client, contracts, account } = work.setup;
  const { roundId } = round;
  const phase = phases[await client.publicClient.readContract({ ...contracts.validators, functionName: 'phaseOf', args: [roundId] })] ?? 'none';
  if (phase === 'none' || phase === 'settled') {
    work.open.delete(roundId);
    if (phase === 'settled') await logOutcome(work.setup, round);
    return;
  }
  if (phase === 'drawing') return poke(work, round, 'drawCommittee');
  if (phase === 'settleable') return poke(work, round, 'settle');
  round.member ??= await client.publicClient.readContract({ ...contracts.validators, functionName: 'isMember', args: [roundId, account] });
  if (!round.member) return;
  if (phase === 'commit') await commitOrCheck(work, round, signal);
  else await reveal(work, round);
}

/** Does what anybody may do. Validators take turns, another one first in each round: who comes later finds it done. */
async function poke(work: Work, round: OpenRound, functionName: 'drawCommittee' | 'settle'): Promise<void> {
  const { setup } = work;
  const { client, contracts } = setup;
  const { roundId } = round;
  if (round.waitedFor !== functionName) {
    round.waitedFor = functionName;
    round.notBefore = performance.now() + (await turnOf(setup, roundId)) * TURN_MS;
    if (round.notBefore > performance.now()) return;
  }
  delete round.waitedFor;
  if (functionName === 'drawCommittee') {
    const { anchorBlock } = await client.publicClient.readContract({ ...contracts.validators, functionName: 'round', args: [roundId] });
    if ((await client.publicClient.getBlockNumber({ cacheTime: 0 })) <= anchorBlock) return;
  }
  try {
    await client.send({ ...contracts.validators, functionName, args: [roundId], sentence: functionName === 'settle' ? `Settle round ${roundId}` : `Draw the committee of round ${roundId}` });
  } catch (error) {
    if (toNeuroError(error).code !== 'REVERTED') throw error;
    setup.log.debug({ roundId, functionName }, 'somebody else was faster');
  }
}

async function turnOf(setup: ValidatorSetup, roundId: Hex): Promise<number> {
  const { client, contracts, validatorId } = setup;
  const active = await client.publicClient.readContract({ ...contracts.validators, functionName: 'activeCount' });
  return (validatorId + Number(BigInt(roundId) & 0xffffn)) % Math.max(1, active);
}

function staySilent({ setup }: Work, round: OpenRound, why: string): void {
  round.notBefore = performance.now() + LOOK_AGAIN_MS;
  if (!round.silent) setup.log.error({ roundId: round.roundId, kind: round.kind }, why);
  round.silent = true;
}

async function commitOrCheck(work: Work, round: OpenRound, signal: AbortSignal): Promise<void> {
  const { setup, duties } = work;
  const { roundId } = round;
  const duty = await duties.find({ validatorId: setup.validatorId, roundId });
  if (duty && !(await isOfAnotherDraw(setup, duty))) {
    if (duty.stage !== 'decided') round.notBefore = performance.now() + LOOK_AGAIN_MS;
    return commit(work, round, duty);
  }
  if (work.checks.has(roundId) || work.checks.size >= CHECKS_AT_ONCE) return;
  const timeoutMs = await timeLeft(setup, roundId);
  if (timeoutMs <= 0) {
    return staySilent(work, round, 'the time to check this round is over; this validator stays silent');
  }
  const checked = check(work, round, { timeoutMs, signal }).catch((error: unknown) => {
    if (!signal.aborted) postpone(work, round, error);
  });
  work.checks.set(roundId, checked.finally(() => work.checks.delete(roundId)));
}

/** After a reorganisation the same round may have been drawn anew: evidence for the last draw is none for this one. */
async function isOfAnotherDraw(setup: ValidatorSetup, { roundId, seed }: Duty): Promise<boolean> {
  return seed !== undefined && seed !== (await readDraw(setup, roundId)).seed;
}

/** Milliseconds until the commitment must be on its way. */
async function timeLeft(setup: ValidatorSetup, roundId: Hex): Promise<number> {
  const { client, contracts } = setup;
  const [{ commitUntil }, now] = await Promise.all([
    client.publicClient.readContract({ ...contracts.validators, functionName: 'round', args: [roundId] }),
    readClock(client),
  ]);
  return Math.floor((commitUntil - now) * 1_000) - COMMIT_MARGIN_MS;
}

async function check(work: Work, round: OpenRound, limits: { timeoutMs: number; signal: AbortSignal }): Promise<void> {
  const { setup, duties } = work;
  const { roundId, kind, subject } = round;
  const began = performance.now();
  const finding = await work.check({ setup, roundId, kind, subject, ...limits });
  const { reason, ...found } = finding;
  const { verdict } = found;
  const last = await duties.find({ validatorId: setup.validatorId, roundId });
  await duties.save({ validatorId: setup.validatorId, roundId, ...found, salt: bytesToHex(randomBytes(32)), stage: 'decided', ...(last ? { former: formerOf(last) } : {}) });
  setup.log[verdict === 'accept' ? 'info' : 'warn']({ roundId, kind, subject, verdict, reason, ms: Math.round(performance.now() - began) }, 'checked a round');
}

const MOST_FORMER = 8;

function formerOf({ verdict, evidence, salt, former = [] }: Duty): Opening[] {
  return [{ verdict, evidence, salt }, ...former].slice(0, MOST_FORMER);
}

async function commit(work: Work, round: OpenRound, duty: Duty): Promise<void> {
  const { setup, duties } = work;
  const { client, contracts, account } = setup;
  const { roundId } = round;
  const { verdict, evidence, salt } = encoded(duty);
  const types = [{ type: 'bytes32' }, { type: 'address' }, { type: 'uint8' }, { type: 'bytes32' }, { type: 'bytes32' }] as const;
  const commitment = keccak256(encodeAbiParameters(types, [roundId, account, verdict, evidence, salt]));
  try {
    await client.send({ ...contracts.validators, functionName: 'commit', args: [roundId, commitment], sentence: `Commit to a verdict in round ${roundId}` });
  } catch (error) {
    if (revertOf(error) !== 'AlreadyCommitted') throw error;
  }
  await duties.save({ ...duty, stage: 'committed' });
}

async function reveal(work: Work, round: OpenRound): Promise<void> {
  const { setup, duties } = work;
  const { client, contracts, validatorId } = setup;
  const { roundId } = round;
  const duty = await duties.find({ validatorId, roundId });
  const revealed = await client.publicClient.readContract({ ...contracts.validators, functionName: 'verdictOf', args: [roundId, validatorId] });
  if (!duty) return staySilent(work, round, 'nothing was committed to in this round; this validator stays silent');
  if (revealed !== 0) {
    round.notBefore = performance.now() + LOOK_AGAIN_MS;
    return;
  }
  let refusal: string | undefined;
  for (const opening of [duty, ...(duty.former ?? [])]) {
    const { verdict, evidence, salt } = encoded(opening);
    try {
      await client.send({ ...contracts.validators, functionName: 'reveal', args: [roundId, verdict, evidence, salt], sentence: `Reveal the verdict in round ${roundId}` });
      return await duties.save({ ...duty, stage: 'revealed' });
    } catch (error) {
      refusal = revertOf(error);
      if (refusal !== 'NotCommitted' && refusal !== 'WrongReveal') throw error;
    }
  }
  staySilent(work, round, `this verdict cannot be revealed: ${refusal}`);
}

function encoded(duty: Opening): { verdict: number; evidence: Hex; salt: Hex } {
  return { verdict: verdicts.indexOf(duty.verdict), evidence: duty.evidence, salt: duty.salt };
}

async function logOutcome(setup: ValidatorSetup, round: OpenRound): Promise<void> {
  if (!round.member) return;
  const { client, contracts, validatorId } = setup;
  const { roundId, kind } = round;
  const [{ verdict }, own] = await Promise.all([
    client.publicClient.readContract({ ...contracts.validators, functionName: 'round', args: [roundId] }),
    client.publicClient.readContract({ ...contracts.validators, functionName: 'verdictOf', args: [roundId, validatorId] }),
  ]);
  setup.log.info({ roundId, kind, verdict: verdicts[verdict], own: verdicts[own] }, 'a round has ended');
}
