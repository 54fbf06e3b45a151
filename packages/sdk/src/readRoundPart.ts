import { type PartSlash, type RoundKind, type RoundPart, auditDutyOf, challengeOutcomes, faults, roundKinds, stakingAbi, trainingAbi, validatorsAbi, verdicts } from '@neurodata/protocol';
import { type Address, type Hex, type Log, isAddressEqual, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Duty } from './readDuties.ts';

type Parameters = { client: NeuroClient; duty: Duty; validatorId: number; account: Address; blockNumber: bigint; challengeWindow: number };

/** One validator's part in a round that it was drawn for, from contracts as of a block and the logs of the transaction that ended it. */
export async function readRoundPart(parameters: Parameters): Promise<RoundPart & { subject: Hex }> {
  const { client, duty, blockNumber, challengeWindow } = parameters;
  const { validators, training } = client.config.deployment.addresses;
  const round = await client.publicClient.readContract({ address: validators, abi: validatorsAbi, functionName: 'round', args: [duty.roundId], blockNumber });
  const judgesRun = isAddressEqual(round.receiver, training);
  const [lot, job, ending] = await Promise.all([
    judgesRun ? client.publicClient.readContract({ address: validators, abi: validatorsAbi, functionName: 'lotOf', args: [duty.roundId], blockNumber }) : 0n,
    judgesRun && round.settled ? client.publicClient.readContract({ address: training, abi: trainingAbi, functionName: 'job', args: [round.subject], blockNumber }) : undefined,
    duty.ended ? readEnding({ ...parameters, jobId: round.subject, transaction: duty.ended.transaction }) : nothingEnded,
  ]);
  const kind: RoundKind = roundKinds[round.kind] ?? 'version';
  const segments = job && auditDutyOf({ lot, checkpoints: job.checkpoints });
  const { size, settled, fee, subject, commitUntil, revealUntil } = round;
  return {
    kind, subject, size, settled, fee, judgesRun, commitUntil, revealUntil,
    committed: duty.committed, vote: duty.vote, accusers: duty.accusers,
    commits: round.committed, accepts: round.accepts, rejects: round.rejects, verdict: verdicts[round.verdict] ?? 'none',
    contests: job?.contests ?? 0, doubtful: job?.doubtful ?? false,
    ...(segments ? { segments } : {}),
    ...(job && !duty.ended ? { contestableUntil: job.changedAt + challengeWindow } : {}),
    ...(duty.ended ? { right: duty.ended.right } : {}),
    ...ending,
  };
}

type Ending = Pick<RoundPart, 'winners' | 'spared'> & Partial<Pick<RoundPart, 'reward' | 'slash' | 'resolved'>>;

const nothingEnded: Ending = { winners: 0, spared: false };

/** Several rounds may end in one transaction: of referees, and the one that they judged. */
async function readEnding(parameters: Parameters & { jobId: Hex; transaction: Hex }): Promise<Ending> {
  const { client, duty: { roundId }, validatorId, jobId, transaction } = parameters;
  const { logs } = await client.publicClient.getTransactionReceipt({ hash: transaction });
  const rewards = parseEventLogs({ abi: validatorsAbi, logs, eventName: 'RewardCredited' }).filter(({ args }) => args.roundId === roundId);
  const own = rewards.find(({ args }) => args.validatorId === validatorId);
  const slash = slashIn(logs, parameters);
  const ofRun = parseEventLogs({ abi: trainingAbi, logs, eventName: ['JobResolved', 'WorkerSpared'] }).filter(({ args }) => args.jobId === jobId);
  const resolved = ofRun.flatMap((event) => (event.eventName === 'JobResolved' ? [challengeOutcomes[event.args.outcome]] : []))[0];
  return {
    winners: rewards.length, spared: ofRun.some(({ eventName }) => eventName === 'WorkerSpared'),
    ...(own ? { reward: own.args.amount } : {}), ...(slash ? { slash } : {}), ...(resolved ? { resolved } : {}),
  };
}

/** Validators says what for; Staking, in the logs right after it, where the stake went and what delegators lost with it. */
function slashIn(logs: Log[], { client, duty, validatorId, account }: Parameters): PartSlash | undefined {
  const { staking } = client.config.deployment.addresses;
  const slashed = parseEventLogs({ abi: validatorsAbi, logs, eventName: 'ValidatorSlashed' }).find(({ args }) => args.roundId === duty.roundId && args.validatorId === validatorId);
  if (!slashed) return undefined;
  const followed = (log: Log, by: number): boolean => log.logIndex === (slashed.logIndex ?? 0) + by && isAddressEqual(log.address, staking);
  const [taken] = parseEventLogs({ abi: stakingAbi, logs: logs.filter((log) => followed(log, 1)), eventName: 'Slashed' });
  const [lent] = parseEventLogs({ abi: stakingAbi, logs: logs.filter((log) => followed(log, 2)), eventName: 'DelegationSlashed' });
  return {
    fault: faults[slashed.args.fault] ?? 'none', amount: slashed.args.amount, to: taken && !isAddressEqual(taken.args.to, staking) ? 'run' : 'pool',
    delegated: lent && isAddressEqual(lent.args.validator, account) ? lent.args.amount : 0n,
  };
}
