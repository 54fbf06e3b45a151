import { formatRounded, formatScore } from '@neurodata/engine';
import { type JobSpec, type Receipt, type Standing, encodeReceipt, leaderboardStanding } from '@neurodata/protocol';
import { readLeaderboardSplit, readReceipt } from '@neurodata/sdk';
import { Command } from 'commander';
import { writeAtomic } from '../atomicFile.ts';
import { type AuditOptions, auditJob, auditText } from '../auditJob.ts';
import { type Context, type Result, act } from '../context.ts';
import { confusionText, scorePairs, selectionText } from '../metricsText.ts';
import { checkLines, clean, facts, sparkline } from '../output.ts';
import { digest, positiveInteger } from '../parse.ts';
import { findJob } from '../resolve.ts';
import { addVerdictCommands } from './runVerdicts.ts';
import { addFeeCommands } from './trials.ts';
import { type VerifyOptions, verifyRun } from '../verifyRun.ts';

export function runsCommand(): Command {
  const runs = new Command('runs');
  runs.command('show <job>').description('what ran on what, and what came out')
    .option('--receipt <file>', 'write the signed receipt to this file')
    .action(act(show));
  runs.command('verify <receipt-or-job>').description('check a receipt against the chain and, with the data, run it again')
    .option('--data <file>', 'the dataset as a file; by default what the account bought is fetched')
    .action(act(verify));
  runs.command('audit <job>').description('run drawn steps of a run again, from the states that its worker sealed to you')
    .option('--segments <n>', 'steps to draw; 44 find a forged tenth with 99 % certainty', positiveInteger)
    .option('--seed <hex>', 'of the draw, to repeat an audit; by default nobody knows it before', digest)
    .option('--data <file>', 'the dataset as a file; by default what the account bought is fetched')
    .action(act(audit));
  addVerdictCommands(runs);
  addFeeCommands(runs);
  return runs;
}

async function audit(context: Context, text: string, options: AuditOptions): Promise<Result> {
  const report = await auditJob(context, text, options);
  return { value: report, text: auditText(report), failed: !report.passed };
}

async function show(context: Context, text: string, options: { receipt?: string }): Promise<Result> {
  const { jobId } = await findJob(context, text);
  const client = await context.client();
  const { receipt, spec, receiptDigest, totalSteps, job } = await readReceipt({ client, jobId });
  const { assetId, version } = spec.input;
  const fixed = await readLeaderboardSplit({ client, assetId, version });
  const leaderboard = leaderboardStanding({ state: job.state, totalSteps, train: spec.train, output: spec.output, split: fixed.fixed ? fixed.split : undefined });
  if (options.receipt !== undefined) {
    await writeAtomic(options.receipt, encodeReceipt(receipt).bytes);
    context.say(`Wrote ${options.receipt}`);
  }
  return { value: { jobId, receiptDigest, receipt, spec, leaderboard }, text: receiptText(receipt, spec, leaderboard) };
}

const standingWords: Record<Standing['counts'], string> = { yes: 'counts', later: 'will count', no: 'does not count' };

function receiptText({ body, worker }: Receipt, spec: JobSpec, leaderboard: Standing): string {
  const { metrics } = body;
  const head = facts([
    ['Job', body.jobId], ['Worker', worker], ['Input', `asset ${body.input.assetId} version ${body.input.version}, content root ${body.input.contentRoot}`], ['Spec', body.specDigest], ['Engine', body.engineId],
    ['Algorithm', `${spec.train.algorithm}, ${clean(spec.train.target ?? spec.train.task)} from ${spec.train.features.length} features`], ['Split', `seed ${spec.train.split.seed}, ${spec.train.split.testFraction * 100}% for the test`], ['Leaderboard', `${standingWords[leaderboard.counts]}: ${leaderboard.reason}`],
    ['Gives', spec.output === 'metrics' ? 'rounded metrics alone: it is a trial run' : undefined],
    ['Steps', `${body.steps}, ${body.converged ? 'converged' : 'stopped at its limit'}`], ['Loss', body.lossCurve.length === 0 ? undefined : `${sparkline(body.lossCurve)} ${(body.lossCurve.at(-1) ?? 0).toFixed(6)}`],
    ['Tested', `on ${metrics.testRows} rows it never saw (trained on ${metrics.trainRows}, ${metrics.droppedRows} without target)`],
    ...scorePairs(metrics, spec.output === 'metrics' ? formatRounded : formatScore),
    ['Model', body.modelDigest], ['Checkpoints', `${body.checkpointDigests.length}, root ${body.checkpointRoot}`],
  ]);
  return [head, selectionText(metrics), confusionText(metrics)].filter((part) => part !== '').join('\n\n');
}

async function verify(context: Context, target: string, options: VerifyOptions): Promise<Result> {
  const verdict = await verifyRun(context, target, options);
  const { jobId, checks, reexecuted, passed } = verdict;
  const summary = passed ? (reexecuted ? 'Verified: the run was repeated here, to the same bit.' : 'The receipt holds as far as it was checked; the run was not repeated here.') : 'NOT verified.';
  return { value: { jobId, passed, reexecuted, checks }, text: `${checkLines(checks)}\n${summary}`, failed: !passed };
}
