import type { SubscriptionDto } from '@neurodata/protocol';
import { NeuroError } from '@neurodata/protocol';
import { cancelSubscription, claimSubscriptions, closePlan, renewSubscription, reopenPlan, requestKey, subscribe, waitForKey, withdrawCredits } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import type { Address } from 'viem';
import { type Context, type Result, act } from '../context.ts';
import { type SubscriptionDownloadOptions, downloadSubscription } from '../downloadOrder.ts';
import { offerSubscription } from '../offers.ts';
import { clean, duration, facts, ncr, short, shortId, table, when } from '../output.ts';
import { createProgress } from '../progress.ts';
import { confirm } from '../prompt.ts';
import { period, periods, positiveInteger, price } from '../parse.ts';
import { allPages, chooseListing, findSubscription, parseAssetId } from '../resolve.ts';

type StartOptions = { listing?: number; assetVersion?: number; periods: number; maxTotal?: bigint; wait: boolean };

const named = (): Argument => new Argument('<subscription>', "its id, or the listing's number for the account's own");

export function subscriptionsCommand(): Command {
  const subscriptions = new Command('subscriptions').description('licences by the period: paid ahead, renewed, cancelled for what is left');
  subscriptions.command('list').description("the account's subscriptions, or those to its assets")
    .option('--sales', 'those of which the account is the seller')
    .option('--asset <n>', 'only of this asset', positiveInteger)
    .action(act(list));
  subscriptions.command('show').addArgument(named()).description('one subscription: what is paid, keys, history').action(act(async (context, text: string) => {
    const subscription = await findSubscription(context, text);
    return { value: subscription, text: textOf(subscription) };
  }));
  subscriptions.command('start <asset>').description('pay for periods and receive the key')
    .option('--listing <n>', 'this offer; by default the cheapest subscription', positiveInteger)
    .option('--asset-version <n>', 'first ask for the key of this version; by default the newest live one', positiveInteger)
    .option('--periods <n>', 'paid ahead, 1 to 120', periods, 1)
    .option('--max-total <ncr>', 'refuse a higher total', price)
    .option('--no-wait', 'do not wait for the key')
    .action(act(start));
  subscriptions.command('renew').addArgument(named()).description("pay for more periods, of anybody's subscription").option('--periods <n>', 'how many, 1 to 120', periods, 1).action(act(renew));
  subscriptions.command('request').addArgument(named()).description('ask for the key of a version that came since')
    .option('--asset-version <n>', 'by default the newest live one', positiveInteger)
    .option('--no-wait', 'do not wait for the key')
    .action(act(request));
  subscriptions.command('download').addArgument(named()).description('fetch, unseal and check what was granted; can be repeated for ever')
    .option('--asset-version <n>', 'by default the newest that was granted', positiveInteger)
    .option('-o, --out <file>', "where to write; by default the publisher's file name")
    .option('-f, --force', 'replace a file that exists')
    .action(act((context, text: string, options: SubscriptionDownloadOptions) => downloadSubscription(context, text, options)));
  subscriptions.command('cancel').addArgument(named()).description('end it now; what is unused becomes a credit').action(act(cancel));
  subscriptions.command('withdraw').description('collect what was returned to the account, or is due to it as a seller').action(act(withdraw));
  subscriptions.command('claim [subscriptions...]').description("credit the seller with periods that are over or used; by default all of the account's").action(act(claim));
  subscriptions.command('offer <asset>').description('offer an asset by the period')
    .requiredOption('--price <ncr>', 'for one period', price)
    .option('--period <length>', 'like 30d, 12h or 90m', period, 30 * 24 * 60)
    .option('--from-version <n>', 'first covered version; by default the newest', positiveInteger)
    .action(act((context, asset: string, options: { price: bigint; period: number; fromVersion?: number }) => offerSubscription(context, parseAssetId(asset), options)));
  subscriptions.command('close <listing>').description('end the renewals of an offer that was withdrawn, or whose asset is suspended').action(act(close));
  subscriptions.command('reopen <listing>').description('let them be renewed again, once the suspension has ended').action(act(reopen));
  return subscriptions;
}

async function list(context: Context, options: { sales?: boolean; asset?: number }): Promise<Result> {
  const { account } = await context.signer();
  const whose = options.sales ? { seller: account.address } : { account: account.address };
  const items = await allPages((cursor) => context.api.listSubscriptions({ ...whose, limit: 100, ...(options.asset === undefined ? {} : { assetId: options.asset }), ...(cursor === undefined ? {} : { cursor }) }));
  const rows = items.map((entry) => [String(entry.listingId), String(entry.assetId), short(entry.assetTitle, 36), `${amount(entry, entry.price)} per ${duration(entry.period)}`, entry.running ? 'running' : 'over', when(entry.paidUntil)]);
  return { value: { items }, text: table(['listing', 'asset', 'title', 'price', 'state', 'paid until'], rows, options.sales ? 'Nobody has subscribed yet.' : 'No subscriptions yet.') };
}

/** Base units of another token stand as they are: nobody here knows its decimals. */
const amount = ({ token }: SubscriptionDto, value: bigint): string => (token === null ? ncr(value) : `${value} of ${token}`);

function textOf(entry: SubscriptionDto): string {
  const { requests, activity } = entry;
  const head = facts([
    ['Subscription', entry.subscriptionId], ['Asset', `${entry.assetId}, ${clean(entry.assetTitle)}`], ['Price', `${amount(entry, entry.price)} per ${duration(entry.period)}`], ['Subscriber', entry.account], ['Seller', entry.seller],
    ['State', `${entry.running ? 'running' : 'over'}${entry.closed ? ', cannot be renewed' : ''}`], ['Paid until', when(entry.paidUntil)], ['Held', amount(entry, entry.held)],
    ['If cancelled now', entry.running ? `${amount(entry, entry.refundable)} come back` : undefined], ['Not returned', entry.keptUntil && `the time before ${when(entry.keptUntil)}: a key was granted`], ['Cancel from', entry.cancelFrom && when(entry.cancelFrom)],
  ]);
  const keys = table(['version', 'asked', 'shares'], requests.map((asked) => [String(asked.version), when(asked.at), `${asked.grants.length} granted, ${asked.threshold} needed`]), 'No keys.');
  return [head, keys, table(['event', 'at', 'block', 'gas', 'transaction'], activity.map((line) => [line.event, when(line.at), String(line.block), String(line.gasUsed ?? ''), shortId(line.transaction)]), 'No history.')].join('\n\n');
}

async function start(context: Context, asset: string, options: StartOptions): Promise<Result> {
  const client = await context.signer();
  const found = await context.api.getAsset({ assetId: parseAssetId(asset) });
  const listing = chooseListing(found, 'subscription', options.listing);
  if (listing.token !== null) throw new NeuroError(`Listing ${listing.listingId} is priced in token ${listing.token}.`, { code: 'BAD_INPUT', remedy: 'Choose one in NCR, or subscribe through the SDK.' });
  const total = listing.price * BigInt(options.periods);
  const { balance } = await context.api.getAccount({ address: client.account.address });
  context.say(facts([
    ['Asset', `${found.assetId}, ${clean(found.title)}`], ['Listing', listing.listingId], ['Seller', listing.seller], ['Price', `${ncr(listing.price)} per ${duration(listing.periodMinutes * 60)}`],
    ['Total', `${ncr(total)} for ${options.periods}`], ['Your balance', ncr(balance)], ['Cancelling', 'returns what is unused, but not the period in which a key was granted'],
  ]));
  await confirm('Subscribe?', context.yes);
  const taken = await subscribe({ client, listingId: listing.listingId, periods: options.periods, maxTotal: options.maxTotal ?? total, ...(options.assetVersion === undefined ? {} : { version: options.assetVersion }) });
  const granted = options.wait ? await waited(client, taken.subscriptionId) : undefined;
  return { value: { ...taken, granted: granted !== undefined }, text: `Subscription ${taken.subscriptionId}\nPaid until ${when(taken.paidUntil)}.\nNext: neurodata subscriptions download ${listing.listingId}` };
}

async function waited(client: Awaited<ReturnType<Context['signer']>>, subscriptionId: `0x${string}`): Promise<number> {
  const progress = createProgress('counts');
  try {
    return await waitForKey({ client, subscriptionId, onProgress: ({ grants, threshold }) => progress.update('Waiting for key shares', Math.min(grants, threshold), threshold) });
  } finally {
    progress.stop();
  }
}

async function renew(context: Context, text: string, options: { periods: number }): Promise<Result> {
  const subscription = await findSubscription(context, text);
  const { subscriptionId, price: each } = subscription;
  await confirm(`Pay ${amount(subscription, each * BigInt(options.periods))} for ${options.periods} more?`, context.yes);
  const result = await renewSubscription({ client: await context.signer(), subscriptionId, periods: options.periods });
  return { value: { subscriptionId, ...result }, text: `Paid until ${when(result.paidUntil)}.\nTransaction ${result.hash}` };
}

async function request(context: Context, text: string, options: { assetVersion?: number; wait: boolean }): Promise<Result> {
  const { subscriptionId } = await findSubscription(context, text);
  const client = await context.signer();
  const asked = await requestKey({ client, subscriptionId, ...(options.assetVersion === undefined ? {} : { version: options.assetVersion }) });
  const granted = options.wait ? await waited(client, subscriptionId) : undefined;
  return { value: { subscriptionId, ...asked, granted: granted !== undefined }, text: `Asked for the key of version ${asked.version}${granted === undefined ? '' : ', and got it'}.\nNext: neurodata subscriptions download ${subscriptionId}` };
}

async function cancel(context: Context, text: string): Promise<Result> {
  const subscription = await findSubscription(context, text);
  const { subscriptionId, cancelFrom } = subscription;
  if (cancelFrom !== undefined) throw new NeuroError(`Validators may still answer the request for a key until ${when(cancelFrom)}.`, { code: 'NOT_READY', remedy: 'Cancel then, or once the key was granted.', retryable: true });
  await confirm(`Cancel? ${amount(subscription, subscription.refundable)} come back.`, context.yes);
  const result = await cancelSubscription({ client: await context.signer(), subscriptionId });
  return { value: { subscriptionId, ...result }, text: `Cancelled: ${amount(subscription, result.refunded)} wait for \`neurodata subscriptions withdraw\`.\nIt ends at ${when(result.paidUntil)}.\nTransaction ${result.hash}` };
}

async function withdraw(context: Context): Promise<Result> {
  const result = await withdrawCredits({ client: await context.signer(), from: 'subscriptions' });
  return { value: result, text: result.paid === 0n ? 'Nothing is owed to this account.' : `${ncr(result.paid)}, transaction ${result.hash}` };
}

async function claim(context: Context, texts: string[]): Promise<Result> {
  const client = await context.signer();
  const found = await Promise.all(texts.map((text) => findSubscription(context, text)));
  const result = await claimSubscriptions({ client, ...(found.length > 0 ? { subscriptionIds: found.map(({ subscriptionId }) => subscriptionId) } : {}) });
  return { value: result, text: `${ncr(result.toSeller)} of ${result.claimed.length} subscriptions wait for \`neurodata subscriptions withdraw\`.\nTransaction ${result.hash}` };
}

async function close(context: Context, text: string): Promise<Result> {
  const client = await context.signer();
  const { listingId, accounts } = await accountsOf(context, text, false);
  const { hash, gasUsed } = await closePlan({ client, listingId, accounts });
  return { value: { listingId, accounts, hash, gasUsed }, text: `${accounts.length} subscriptions run to their end and are not renewed.\nTransaction ${hash}` };
}

async function reopen(context: Context, text: string): Promise<Result> {
  const client = await context.signer();
  const { listingId, accounts } = await accountsOf(context, text, true);
  const { hash, gasUsed } = await reopenPlan({ client, listingId, accounts });
  return { value: { listingId, accounts, hash, gasUsed }, text: `${accounts.length} subscriptions can be renewed again.\nTransaction ${hash}` };
}

/** Who has a subscription to a listing that is closed to renewals, or is not. */
async function accountsOf(context: Context, text: string, closed: boolean): Promise<{ listingId: number; accounts: Address[] }> {
  const { listingId, assetId } = await context.api.getListing({ listingId: parseAssetId(text) });
  const items = await allPages((cursor) => context.api.listSubscriptions({ assetId, limit: 100, ...(cursor === undefined ? {} : { cursor }) }));
  const accounts = items.filter((entry) => entry.listingId === listingId && entry.closed === closed).map(({ account }) => account);
  if (accounts.length === 0) throw new NeuroError(`Listing ${listingId} has no subscription whose renewals are ${closed ? 'closed' : 'open'}.`, { code: 'CONFLICT', remedy: 'Nothing to do.' });
  return { listingId, accounts };
}
