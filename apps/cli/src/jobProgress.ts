import type { ChallengeDto, JobDto } from '@neurodata/protocol';
import { type NeuroClient, watchJob } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { clean, facts, ncr, shortId, sparkline, when } from './output.ts';
import { createProgress } from './progress.ts';
import { leftText } from './trainWithProgress.ts';

/** Follows a job to its end with loss and a sparkline on stderr. */
export async function followJob(client: NeuroClient, jobId: Hex): Promise<JobDto> {
  const progress = createProgress('counts');
  try {
    return await watchJob({ client, jobId, onChange: (job) => show(progress, job) });
  } finally {
    progress.stop();
  }
}

function show(progress: ReturnType<typeof createProgress>, job: JobDto): void {
  const { stage, done, total, note } = stageOf(job);
  progress.update(stage, done, total, note);
}

/** Where a job stands: what is going on, how far, and the loss so far. */
export function stageOf(job: JobDto): { stage: string; done: number; total: number; note: string } {
  const { progress, round } = job;
  if (job.state === 'open') return { stage: job.lost.length > 0 ? 'Its worker fell silent: drawing another' : 'Drawing a worker', done: 0, total: 1, note: '' };
  if (job.state === 'submitted' && round) {
    const revealed = round.committee.filter(({ verdict }) => verdict !== 'none').length;
    return { stage: 'Validators re-execute', done: revealed, total: Math.max(round.committee.length, 1), note: `${revealed} of ${round.committee.length || '?'} attested` };
  }
  if (job.state === 'accepted' || job.state === 'rejected') {
    const open = job.challenges.filter(({ stage }) => stage !== 'over').length;
    return { stage: `Verdict: ${job.state}`, done: 0, total: 1, note: open > 0 ? `${open} open challenge${open === 1 ? '' : 's'}` : 'may be challenged' };
  }
  if (job.state !== 'claimed' || !progress) return { stage: `Job ${job.state}`, done: 1, total: 1, note: '' };
  const curve = progress.lossCurve;
  const loss = progress.loss ?? curve.at(-1);
  const note = loss === undefined ? '' : `loss ${loss.toPrecision(5)} ${sparkline(curve, 16)}${progress.stage === 'training' ? leftText(progress.secondsLeft) : ''}`;
  return { stage: progress.stage === 'training' ? 'Training' : `Worker: ${progress.stage}`, done: progress.step, total: Math.max(progress.maxSteps, 1), note };
}

/** A job in words. */
export function jobText(job: JobDto): string {
  const { progress, receipt, round } = job;
  const accepts = round?.committee.filter(({ verdict }) => verdict === 'accept').length ?? 0;
  return facts([
    ['Job', job.jobId], ['Asset', `${job.assetId} version ${job.version}, ${clean(job.assetTitle)}`], ['State', job.state], ['Paid', `${ncr(job.price)} + worker ${job.worker ? '' : 'at most '}${ncr(job.workerFee)} + validation ${ncr(job.validationFee)}`],
    ['Worker', job.worker], ['Lost by', job.lost.length > 0 ? job.lost.join(', ') : undefined], ['Opened', when(job.openedAt)], ['Until', job.deadline === undefined ? undefined : when(job.deadline)],
    ['Progress', progress && `${progress.stage}, step ${progress.step} of at most ${progress.maxSteps}${progress.message ? `, ${clean(progress.message)}` : ''}`],
    ['Loss', progress && progress.lossCurve.length > 0 ? `${sparkline(progress.lossCurve)} ${(progress.lossCurve.at(-1) ?? 0).toFixed(6)}` : undefined],
    ['Receipt', receipt?.receiptCid], ['Model digest', receipt?.modelDigest], ['Engine', receipt?.engineId],
    ['Attestations', round && `${accepts} of ${round.committee.length} accepted${round.settled ? `, ${round.verdict}` : ''}`],
    ...job.challenges.map((challenge) => [`Challenge ${challenge.challengeId}`, challengeText(challenge)] as [string, string]),
    ['Model asset', job.modelAssetId],
  ]);
}

/** A challenge in words. */
export function challengeText(challenge: ChallengeDto): string {
  const { kind, stage, outcome, low, high, challenger, moveUntil } = challenge;
  const place = high === undefined ? 'the whole run' : `positions ${low} to ${high}`;
  const clock = moveUntil === undefined ? '' : `, next move by ${when(moveUntil)}`;
  return `${kind} by ${challenger}: ${stage === 'over' ? (outcome ?? 'over') : `${stage}, ${place}${clock}`}`;
}

/** What to do with a job that has ended. */
export function nextStep(job: JobDto): string {
  if (job.state === 'settled') return `Next: neurodata runs verify ${shortOf(job.jobId)}, or neurodata models publish ${shortOf(job.jobId)}`;
  return job.state === 'slashed' ? 'The worker handed in a wrong result and was slashed; your money is back.' : `The money of job ${shortId(job.jobId)} went back to you.`;
}

function shortOf(jobId: Hex): string {
  return jobId.slice(0, 18);
}
