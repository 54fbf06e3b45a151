import { formatNcr } from '@neurodata/protocol';
import { type NeuroClient, type TrialFacts, offerTrials, readTrial, readTrialOffer, settleTrial } from '@neurodata/sdk';
import type { Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { duration, facts, ncr, when } from '../output.ts';
import { countFrom, price } from '../parse.ts';
import { chooseListing, findJob, findOrder, parseAssetId } from '../resolve.ts';
import { done } from '../sentResult.ts';
import { notATrial } from '../trialRuns.ts';
import { type RunOptions, addRunOptions, run } from './jobs.ts';

/** Trial runs of a dataset: to allow them, and to make one. */
export function addTrialCommands(datasets: Command): void {
  datasets.command('trials <asset>').description('trial runs of a dataset, which give rounded metrics alone: shows what they cost; as its seller, allows or ends them')
    .option('--fee <ncr>', 'of one trial; comes back to whoever then buys', price)
    .option('--cap <n>', 'how many an account may have; 3 by default, 0 ends them', countFrom(0, 65_535))
    .action(act((context, asset: string, options: { fee?: bigint; cap?: number }) => trials(context, parseAssetId(asset), options)));
  addRunOptions(datasets.command('try <asset>'), false).description('try a dataset before you buy it: a run that gives rounded metrics and no model, for a fee that counts towards the purchase')
    .option('--max-price <ncr>', 'the most to pay in all; what the worker asks less comes back', price)
    .option('--wait', 'follow the run to its end')
    .option('--no-wait', 'return as soon as the job is open')
    .action(act((context, asset: string, options: RunOptions) => run(context, undefined, { ...options, asset: parseAssetId(asset), trial: true })));
}

/** Where a trial's fee is, and how to send it on. */
export function addFeeCommands(runs: Command): void {
  runs.command('trial <job>').description("where a trial run's fee is").action(act(async (context, text: string) => {
    const trial = await expectTrial(context, text);
    return { value: trial, text: trialText(trial) };
  }));
  runs.command('settle-trial <job>').description("send a trial run's fee where it belongs; anybody may, and workers do by themselves")
    .option('--order <order>', 'the order that it counts towards')
    .action(act(async (context, text: string, { order }: { order?: string }) => {
      const { jobId } = await expectTrial(context, text);
      const client = await context.signer();
      const sent = await settleTrial({ client, jobId, ...(order === undefined ? {} : { orderId: (await findOrder(context, order)).orderId }) });
      const { state } = await expectTrial(context, jobId);
      return done(state === 'held' ? 'The fee waits for that order.' : `The fee is ${state === 'returned' ? 'back with the buyer' : "the publisher's"}.`, sent, { jobId, state });
    }));
}

async function trials(context: Context, assetId: number, { fee, cap = fee === undefined ? undefined : 3 }: { fee?: bigint; cap?: number }): Promise<Result> {
  const listing = chooseListing(await context.api.getAsset({ assetId }), 'compute');
  const { listingId } = listing;
  if (cap !== undefined) {
    const client = await context.signer();
    const before = await readTrialOffer({ client, listingId });
    const sent = await offerTrials({ client, listingId, fee: fee ?? before?.fee ?? 0n, cap });
    return done(cap === 0 ? 'No more trials; those that were paid for go on.' : await offerText(client, listingId), sent, { listingId });
  }
  const client = await context.client();
  return { value: { listingId, offer: (await readTrialOffer({ client, listingId })) ?? null }, text: await offerText(client, listingId) };
}

async function offerText(client: NeuroClient, listingId: number): Promise<string> {
  const offer = await readTrialOffer({ client, listingId });
  if (!offer) return `Listing ${listingId} offers no trials.`;
  return `Trials on listing ${listingId}: ${formatNcr(offer.fee)} NCR each, besides worker and validators, ${offer.cap} for an account. The fee comes back to whoever buys within ${duration(offer.holdSeconds)}.`;
}

async function expectTrial(context: Context, text: string): Promise<TrialFacts> {
  const { jobId } = await findJob(context, text);
  return (await readTrial({ client: await context.client(), jobId })) ?? notATrial(jobId);
}

const stateWords = { none: 'none', held: 'held', returned: 'back with the buyer', paid: "the publisher's" } as const;

function trialText({ jobId, assetId, buyer, fee, state, jobState, order, heldUntil }: TrialFacts): string {
  const waits = state !== 'held' ? undefined : heldUntil === undefined ? 'for the end of the run' : `for a purchase of asset ${assetId} by the same account, until ${when(heldUntil)}`;
  return facts([['Job', `${jobId}, ${jobState}`], ['Buyer', buyer], ['Fee', `${ncr(fee)}, ${stateWords[state]}`], ['Waits', waits], ['Order', order && `${order.orderId}, ${order.state}`]]);
}
