import type { TrainSpec } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { leaderboardSplit, quoteRun, readManifest, readTerms, readVersion, refundJob, startRun } from '@neurodata/sdk';
import type { NeuroClient, RunQuote } from '@neurodata/sdk';
import { Command, Option } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { followJob, jobText, nextStep } from '../jobProgress.ts';
import { clean, facts, ncr, short, shortId, table, when } from '../output.ts';
import { positiveInteger, price } from '../parse.ts';
import { confirm } from '../prompt.ts';
import { done } from '../sentResult.ts';
import { allPages, chooseListing, findJob, parseAssetId } from '../resolve.ts';
import { type PurposeOptions, addPurposeOptions, purposeOf } from '../termsOptions.ts';
import { addTrainOptions } from '../trainOptions.ts';
import { chooseTrialListing, trialResult } from '../trialRuns.ts';
import { readSetFiles } from '../readSetFiles.ts';
import { type TrainOptions, buildTrainSpec, planText } from '../trainSpec.ts';

export type RunOptions = TrainOptions & PurposeOptions & { asset?: number; assetVersion?: number; maxPrice?: bigint; leaderboard?: boolean; waitForWorker?: boolean; wait: boolean; trial?: boolean };

export function jobsCommand(): Command {
  const jobs = new Command('jobs');
  addRunOptions(jobs.command('run [listing]').description('buy one training run on a compute listing, or on the cheapest of an asset'))
    .option('--max-price <ncr>', 'the most to pay in all; what the worker asks less comes back', price)
    .option('--wait-for-worker', 'open it although no worker fits it now')
    .option('--wait', 'follow the run to its end')
    .option('--no-wait', 'return as soon as the job is open')
    .action(act(run));
  addRunOptions(jobs.command('quote [listing]').description('what a run would cost, and which workers could be drawn for it; buys nothing'))
    .option('--max-price <ncr>', 'the most to pay in all', price)
    .action(act(quote));
  jobs.command('refund <job>').description('return the money of a run that nobody began or finished in time; anybody may').action(act(async (context, text: string) => {
    const { jobId } = await findJob(context, text);
    return done('Refunded.', await refundJob({ client: await context.signer(), jobId }), { jobId });
  }));
  jobs.command('ps').description("the account's jobs, or everybody's").option('--all', "everybody's").action(act(ps));
  jobs.command('logs <job>').description('follow a job to its end').option('--no-follow', 'say where it stands, and stop').action(act(logs));
  return jobs;
}

/** `listed`: on a listing, where the run may count on a leaderboard. */
export function addRunOptions(command: Command, listed = true): Command {
  const common = addPurposeOptions(addTrainOptions(command)).option('--asset-version <n>', 'its version; by default the newest live one', positiveInteger);
  return listed ? common.option('--asset <n>', 'the dataset, instead of a listing', positiveInteger).addOption(leaderboardOption()) : common;
}

export function leaderboardOption(): Option {
  return new Option('--leaderboard', "test on the rows that the chain fixed for the dataset's leaderboard, so that the run counts there").conflicts(['seed', 'testFraction']);
}

/** A run as it was asked for, and what it would cost. */
async function draft(context: Context, client: NeuroClient, listingText: string | undefined, options: RunOptions) {
  if ((listingText === undefined) === (options.asset === undefined)) throw new NeuroError(options.asset === undefined ? 'Say what to train on.' : 'A listing and an asset were given.', { code: 'BAD_INPUT', remedy: 'Give either the number of a compute listing, or --asset with a number.' });
  const named = listingText === undefined ? undefined : await context.api.getListing({ listingId: parseAssetId(listingText) });
  const asset = await context.api.getAsset({ assetId: named?.assetId ?? options.asset ?? 0 });
  const listing = named ?? (options.trial ? await chooseTrialListing(client, asset) : chooseListing(asset, 'compute'));
  const version = options.assetVersion ?? newestCovered(asset.versions, listing);
  const manifest = await readManifest({ client, facts: await readVersion({ client, assetId: asset.assetId, version }) });
  const { 'nd:columns': columns = [], 'nd:rows': rows } = manifest;
  const split = options.leaderboard ? await leaderboardSplit({ client, assetId: asset.assetId, version }) : undefined;
  const train = buildTrainSpec(columns, { ...options, ...split, set: await readSetFiles(options.set, options.algorithm) }, await readTerms({ client, listingId: listing.listingId }));
  if (split && train.target === null) throw new NeuroError(`There is no leaderboard for ${train.task}.`, { code: 'BAD_INPUT', remedy: 'Name a --target, or leave --leaderboard out.' });
  const wanted = { client, listingId: listing.listingId, version, train, ...(options.trial ? { trial: true } : {}), ...purposeOf(options), ...(options.maxPrice === undefined ? {} : { maxTotal: options.maxPrice }) };
  const quoted = await quoteRun(wanted);
  const text = facts([
    ['Asset', `${asset.assetId} version ${version}, ${clean(asset.title)}`], ['Listing', listing.listingId], ['Algorithm', `${train.algorithm}, ${train.task}`], ['Parameters', parametersText(train.parameters)], ['Predict', clean(train.target ?? 'nothing: no target')],
    ['From', train.features.map(({ name, kind }) => `${clean(name)} (${kind})`).join(', ')], ['Test rows', `${train.split.testFraction * 100}%, seed ${train.split.seed}${split ? ", the leaderboard's" : ''}`], ['Makes', rows === undefined ? undefined : planText(train, { rows, columns })],
    ...quoteLines(quoted, options.trial ?? false), ['Gives', options.trial ? 'metrics rounded to two digits; no model' : undefined],
  ]);
  return { wanted, quoted, text };
}

function quoteLines({ needs, price: owner, validationFee, workers, maxWorkerFee, total }: RunQuote, trial: boolean): [string, string][] {
  const [cheapest, dearest] = [workers[0], workers.at(-1)];
  const range = cheapest && dearest ? `${cheapest.fee === dearest.fee ? ncr(cheapest.fee) : `${ncr(cheapest.fee)} to ${ncr(dearest.fee)}`}, by ${workers.length} of the registered` : 'none fits now: it would wait for one';
  return [
    ['Needs', `${needs.units} unit${needs.units === 1 ? '' : 's'} of work, ${needs.memoryMiB} MiB`], trial ? ['Fee', `${ncr(owner)}; comes back if this account buys the dataset`] : ['Price', ncr(owner)], ['Workers ask', range], ['Worker', `at most ${ncr(maxWorkerFee)}; what the one that is drawn asks less comes back`],
    ['Validation', ncr(validationFee)], ['Total', `at most ${ncr(total)}`],
  ];
}

async function quote(context: Context, listingText: string | undefined, options: RunOptions): Promise<Result> {
  const { quoted, text } = await draft(context, await context.client(), listingText, options);
  return { value: quoted, text };
}

/** Buys a run, or with `trial` a trial. */
export async function run(context: Context, listingText: string | undefined, options: RunOptions): Promise<Result> {
  const client = await context.signer();
  const { wanted, quoted, text } = await draft(context, client, listingText, options);
  context.say(text);
  await confirm(options.trial ? 'Start this trial?' : 'Start this run?', context.yes);
  const started = await startRun({ ...wanted, maxTotal: quoted.total, waits: options.waitForWorker ?? false });
  context.say(`Job ${started.jobId} is open.`);
  if (!options.wait) return { value: started, text: `Job ${started.jobId}\nFollow it: neurodata jobs logs ${started.jobId}` };
  const job = await followJob(client, started.jobId);
  const settled = job.state === 'settled';
  const next = options.trial && settled ? await trialResult(client, job) : nextStep(job);
  return { value: job, text: `${jobText(job)}\n${next}`, failed: !settled };
}

/** As `--set` takes them. */
export function parametersText(parameters: TrainSpec['parameters']): string {
  return Object.entries(parameters).map(([name, value]) => `${name}=${brief(String(value))}`).join(' ');
}

/** A module is no reading matter. */
function brief(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 24)}... (${text.length} characters)`;
}

function newestCovered(versions: { version: number; status: string }[], listing: { listingId: number; firstVersion: number; lastVersion: number }): number {
  const covered = versions.filter(({ version, status }) => status === 'live' && version >= listing.firstVersion && (listing.lastVersion === 0 || version <= listing.lastVersion));
  if (covered.length > 0) return Math.max(...covered.map(({ version }) => version));
  throw new NeuroError(`Listing ${listing.listingId} covers no live version.`, { code: 'NOT_FOUND', remedy: 'Wait for the validators, or choose another listing.' });
}

async function ps(context: Context, options: { all?: boolean }): Promise<Result> {
  const whose = options.all ? {} : { buyer: (await context.signer()).account.address };
  const items = await allPages((cursor) => context.api.listJobs({ ...whose, limit: 100, ...(cursor === undefined ? {} : { cursor }) }));
  const rows = items.map((job) => [shortId(job.jobId), `${job.assetId} v${job.version}`, short(job.assetTitle, 36), job.state, job.progress ? `${job.progress.stage} ${job.progress.step}` : '', when(job.openedAt)]);
  return { value: { items }, text: table(['job', 'asset', 'title', 'state', 'progress', 'opened'], rows, 'No jobs yet.') };
}

async function logs(context: Context, text: string, options: { follow: boolean }): Promise<Result> {
  const found = await findJob(context, text);
  const job = options.follow ? await followJob(await context.client(), found.jobId) : found;
  return { value: job, text: options.follow ? `${jobText(job)}\n${nextStep(job)}` : jobText(job), failed: options.follow && job.state !== 'settled' };
}
