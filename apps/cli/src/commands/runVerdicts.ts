import path from 'node:path';
import { firstDifference } from '@neurodata/engine';
import { type JobDto, NeuroError, parseCanary } from '@neurodata/protocol';
import { appealRun, cancelJob, challengeRun, counterTreeOf, finalizeRun, playChallenge, pokeChallenge, readChallenge, readReceipt, revealCanary } from '@neurodata/sdk';
import { Argument, type Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { challengeText } from '../jobProgress.ts';
import { facts, ncr } from '../output.ts';
import { positiveInteger } from '../parse.ts';
import { readBytes } from '../readBytes.ts';
import { confirm } from '../prompt.ts';
import { findJob } from '../resolve.ts';
import { done } from '../sentResult.ts';
import { type VerifyOptions, repeatRun } from '../verifyRun.ts';

const dataOption = ['--data <file>', 'the dataset as a file; by default what the account bought is fetched'] as const;
const challengeNumber = (): Argument => new Argument('<challenge>', 'its number').argParser(positiveInteger);

/** What can be done about a run and its verdict. */
export function addVerdictCommands(runs: Command): void {
  runs.command('cancel <job>').description('take a run back, as its buyer; once a worker has it, the steps it has made are paid').action(act(cancel));
  runs.command('challenge <job>').description('run an accepted run again and, if it differs, challenge its receipt with a bond').option(...dataOption).action(act(challenge));
  runs.command('appeal <job>').description('ask a fresh committee about a rejected run, as its worker, with a bond').action(act(appeal));
  runs.command('canary <job>').description('own up to a receipt that was wrong on purpose, as its worker, once its verdict is there; a node\'s worker does so by itself')
    .option('--file <file>', 'what the worker kept of it (default: what the node on this machine did)').action(act(canary));
  runs.command('finalize <job>').description('pay or slash once the challenge window is over; anybody may').action(act(finalize));
  runs.command('challenges <job>').description('the challenges of a run, and whose move it is').action(act(list));
  runs.command('move').description('show the checkpoints of one side of a challenge').addArgument(challengeNumber())
    .option('--receipt', "speak for the receipt instead of what a run here gives").option(...dataOption).action(act(move));
  runs.command('poke').description('end a challenge whose clock has run out, or call its referees; anybody may').addArgument(challengeNumber())
    .action(act(async (context, challengeId: number) => done('Poked.', await pokeChallenge({ client: await context.signer(), challengeId }))));
}

async function cancel(context: Context, text: string): Promise<Result> {
  const job = await findJob(context, text);
  const sent = await cancelJob({ client: await context.signer(), jobId: job.jobId });
  return done(job.state === 'open' ? 'Cancelled; the money is back.' : 'Cancelled. The worker is paid for the steps it hands in; the rest comes back.', sent, { jobId: job.jobId });
}

async function challenge(context: Context, text: string, options: VerifyOptions): Promise<Result> {
  const { jobId } = await findJob(context, text);
  const client = await context.signer();
  const { digests, receipt, checkpoints } = await repeatRun(context, jobId, options);
  const difference = firstDifference(digests, receipt.body.checkpointDigests);
  context.say(difference === undefined ? 'All checkpoints are the same: a challenge would say that the model or the metrics are not.' : `Checkpoint ${difference} is the first that differs.`);
  await confirm('Challenge the receipt? The bond is lost if referees find it right.', context.yes);
  const counter = counterTreeOf({ digests, count: checkpoints });
  const opened = await challengeRun({ client, jobId, counterRoot: counter.root });
  await playChallenge({ client, challengeId: opened.challengeId, receipt: receipt.body.checkpointDigests, counter: counter.digests });
  return done(`Challenge ${opened.challengeId} is open with a bond of ${ncr(opened.bond)}; referees are called.`, opened, { jobId, challengeId: opened.challengeId });
}

async function appeal(context: Context, text: string): Promise<Result> {
  const { jobId } = await findJob(context, text);
  const opened = await appealRun({ client: await context.signer(), jobId });
  return done(`Appeal ${opened.challengeId} is open with a bond of ${ncr(opened.bond)}.`, opened, { jobId, challengeId: opened.challengeId });
}

async function canary(context: Context, text: string, { file }: { file?: string }): Promise<Result> {
  const { jobId } = await findJob(context, text);
  const kept = parseCanary(new TextDecoder().decode(await readBytes(file ?? path.join(context.settings.home, 'canaries', `${jobId}.json`))));
  if (kept.jobId !== jobId) throw new NeuroError(`That canary is of job ${kept.jobId}.`, { code: 'BAD_INPUT', remedy: 'Give the file of this job.' });
  const client = await context.signer();
  const { receipt, checkpoints } = await readReceipt({ client, jobId });
  const counter = counterTreeOf({ digests: kept.digests, count: checkpoints });
  await confirm('Own up to the canary? If validators accepted it, this needs a bond until referees have agreed.', context.yes);
  const { challengeId, ...sent } = await revealCanary({ client, jobId, counterRoot: counter.root, salt: kept.salt });
  if (challengeId === undefined) return done('Validators had noticed: the buyer is paid back, and all of your bond but the penalty is free.', sent, { jobId });
  await playChallenge({ client, challengeId, receipt: receipt.body.checkpointDigests, counter: counter.digests });
  return done(`Validators had not noticed: challenge ${challengeId} is open, and referees are called.`, sent, { jobId, challengeId });
}

async function finalize(context: Context, text: string): Promise<Result> {
  const { jobId } = await findJob(context, text);
  return done('Finalized.', await finalizeRun({ client: await context.signer(), jobId }), { jobId });
}

async function list(context: Context, text: string): Promise<Result> {
  const { jobId, challenges } = await findJob(context, text);
  return { value: { jobId, items: challenges }, text: challengesText(challenges) };
}

function challengesText(challenges: JobDto['challenges']): string {
  if (challenges.length === 0) return 'Nobody has challenged this run.';
  return facts(challenges.map((item) => [`Challenge ${item.challengeId}`, `${challengeText(item)}, bond ${ncr(item.bond)}`]));
}

async function move(context: Context, challengeId: number, options: VerifyOptions & { receipt?: boolean }): Promise<Result> {
  const client = await context.signer();
  const { jobId, count } = await readChallenge({ client, challengeId });
  const { digests, receipt } = await repeatRun(context, jobId, options);
  const sides = options.receipt ? { receipt: receipt.body.checkpointDigests } : { receipt: receipt.body.checkpointDigests, counter: counterTreeOf({ digests, count }).digests };
  const sent = await playChallenge({ client, challengeId, ...sides });
  return sent ? done('Shown.', sent, { challengeId }) : { value: { challengeId }, text: 'There is nothing to show now.' };
}
