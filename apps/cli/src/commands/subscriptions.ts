import type { SubscriptionDto } from '@neurodata/protocol';
import { NeuroError } from '@neurodata/protocol';
import { cancelSubscription, claimSubscriptions, closePlan, renewSubscription, reopenPlan, requestKey, subscribe, waitForKey, withdrawCredits, withdrawTokens, parseAmount } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import type { Address } from 'viem';
import { tellPurposeProblem } from '../buyAsset.ts';
import { type Context, type Result, act } from '../context.ts';
import { type SubscriptionDownloadOptions, downloadSubscription } from '../downloadOrder.ts';
import { type MadeOffer, offerAsset } from '../offers.ts';
import { clean, duration, facts, ncr, short, shortId, table, when } from '../output.ts';
import { createProgress } from '../progress.ts';
import { confirm } from '../prompt.ts';
import { period, periods, positiveInteger } from '../parse.ts';
import { allPages, chooseListing, findSubscription, parseAssetId } from '../resolve.ts';
import { type PurposeOptions, addPurposeOptions, purposeOf } from '../termsOptions.ts';
import { amountText, balanceText, sumsText, tokenAddress } from '../tokens.ts';

type StartOptions = PurposeOptions & { listing?: number; token?: Address; assetVersion?: number; periods: number; maxTotal?: string; wait: boolean };

const named = (): Argument => new Argument('<subscription>', "its id, or the listing's number for the account's own");

export function subscriptionsCommand(): Command {
  const subscriptions = new Command('subscriptions');
  subscriptions.command('list').description("the account's subscriptions, or those to its assets")
    .option('--sales', 'those of which the account is the seller')
    .option('--asset <n>', 'only of this asset', positiveInteger)
    .action(act(list));
  subscriptions.command('show').addArgument(named()).description('one subscription: what is paid, keys, history').action(act(async (context, text: string) => {
    const subscription = await findSubscription(context, text);
    return { value: subscription, text: await textOf(context, subscription) };
  }));
  addPurposeOptions(subscriptions.command('start <asset>')).description('pay for periods and receive the key')
    .option('--listing <n>', 'this offer; by default the cheapest subscription', positiveInteger)
    .option('--asset-version <n>', 'first ask for the key of this version; by default the newest live one', positiveInteger)
    .option('--periods <n>', 'paid ahead, 1 to 120', periods, 1)
    .option('--token <address>', 'pay in this token; by default in NCR where it is offered so', tokenAddress)
    .option('--max-total <amount>', 'refuse a higher total')
    .option('--no-wait', 'do not wait for the key')
    .action(act(start));
  subscriptions.command('renew').addArgument(named()).description("pay for more periods, of anybody's subscription").option('--periods <n>', 'how many, 1 to 120', periods, 1).action(act(renew));
  addPurposeOptions(subscriptions.command('request').addArgument(named())).description('ask for the key of a version that came since')
    .option('--asset-version <n>', 'by default the newest live one', positiveInteger)
    .option('--no-wait', 'do not wait for the key')
    .action(act(request));
  subscriptions.command('download').addArgument(named()).description('fetch, unseal and check what was granted; can be repeated for ever')
    .option('--asset-version <n>', 'by default the newest that was granted', positiveInteger)
    .option('-o, --out <file>', "where to write, of a folder the folder; by default the publisher's name for it")
    .option('--file <path>', 'of a folder: only this one')
    .option('-f, --force', 'replace a file that exists')
    .action(act((context, text: string, options: SubscriptionDownloadOptions) => downloadSubscription(context, text, options)));
  subscriptions.command('cancel').addArgument(named()).description('end it now; what is unused becomes a credit').action(act(cancel));
  subscriptions.command('withdraw').description('collect what was returned to the account, or is due to it as a seller').option('--token <address>', 'what is owed in this token instead of NCR', tokenAddress).action(act(withdraw));
  subscriptions.command('claim [subscriptions...]').description("credit the seller with periods that are over or used; by default all of the account's").action(act(claim));
  subscriptions.command('offer <asset>').description('offer an asset by the period')
    .requiredOption('--price <amount>', 'for one period, in NCR or in the token')
    .option('--token <address>', 'an ERC-20 that the market allows, instead of NCR', tokenAddress)
    .option('--period <length>', 'like 30d, 12h or 90m', period, 30 * 24 * 60)
    .option('--from-version <n>', 'first covered version; by default the newest', positiveInteger)
    .action(act((context, asset: string, options: MadeOffer) => offerAsset(context, parseAssetId(asset), 'subscription', options)));
  subscriptions.command('close <listing>').description('end the renewals of an offer that was withdrawn, or whose asset is suspended').action(act(close));
  subscriptions.command('reopen <listing>').description('let them be renewed again, once the suspension has ended').action(act(reopen));
  return subscriptions;
}

async function list(context: Context, options: { sales?: boolean; asset?: number }): Promise<Result> {
  const { account } = await context.signer();
  const whose = options.sales ? { seller: account.address } : { account: account.address };
  const items = await allPages((cursor) => context.api.listSubscriptions({ ...whose, limit: 100, ...(options.asset === undefined ? {} : { assetId: options.asset }), ...(cursor === undefined ? {} : { cursor }) }));
  const prices = await Promise.all(items.map((entry) => amount(context, entry, entry.price)));
  const rows = items.map((entry, index) => [String(entry.listingId), String(entry.assetId), short(entry.assetTitle, 36), `${prices[index] ?? ''} per ${duration(entry.period)}`, entry.running ? 'running' : 'over', when(entry.paidUntil)]);
  return { value: { items }, text: table(['listing', 'asset', 'title', 'price', 'state', 'paid until'], rows, options.sales ? 'Nobody has subscribed yet.' : 'No subscriptions yet.') };
}

/** In the subscription's token; the chain is asked only where that is not NCR. */
const amount = async (context: Context, { token }: SubscriptionDto, value: bigint): Promise<string> => (token === null ? ncr(value) : amountText(await context.client(), token, value));

async function textOf(context: Context, entry: SubscriptionDto): Promise<string> {
  const { requests, activity } = entry;
  const [price, held, refundable] = await Promise.all([entry.price, entry.held, entry.refundable].map((value) => amount(context, entry, value)));
  const head = facts([
    ['Subscription', entry.subscriptionId], ['Asset', `${entry.assetId}, ${clean(entry.assetTitle)}`], ['Price', `${price} per ${duration(entry.period)}`], ['Subscriber', entry.account], ['Seller', entry.seller],
    ['State', `${entry.running ? 'running' : 'over'}${entry.closed ? ', cannot be renewed' : ''}`], ['Paid until', when(entry.paidUntil)], ['Held', held],
    ['If cancelled now', entry.running ? `${refundable} come back` : undefined], ['Not returned', entry.keptUntil && `the time before ${when(entry.keptUntil)}: a key was granted`], ['Cancel from', entry.cancelFrom && when(entry.cancelFrom)],
  ]);
  const keys = table(['version', 'asked', 'shares'], requests.map((asked) => [String(asked.version), when(asked.at), `${asked.grants.length} granted, ${asked.threshold} needed`]), 'No keys.');
  return [head, keys, table(['event', 'at', 'block', 'gas', 'transaction'], activity.map((line) => [line.event, when(line.at), String(line.block), String(line.gasUsed ?? ''), shortId(line.transaction)]), 'No history.')].join('\n\n');
}

async function start(context: Context, asset: string, options: StartOptions): Promise<Result> {
  const client = await context.signer();
  const found = await context.api.getAsset({ assetId: parseAssetId(asset) });
  const listing = chooseListing(found, 'subscription', options);
  const { token } = listing;
  const total = listing.price * BigInt(options.periods);
  const maxTotal = options.maxTotal === undefined ? total : await parseAmount({ client, ...(token ? { token } : {}), text: options.maxTotal });
  const [each, sum, balance] = await Promise.all([amountText(client, token, listing.price), amountText(client, token, total), balanceText(client, token, client.account.address)]);
  context.say(facts([
    ['Asset', `${found.assetId}, ${clean(found.title)}`], ['Listing', listing.listingId], ['Seller', listing.seller], ['Price', `${each} per ${duration(listing.periodMinutes * 60)}`],
    ['Total', `${sum} for ${options.periods}`], ['Your balance', balance], ['Cancelling', 'returns what is unused, but not the period in which a key was granted'],
  ]));
  await confirm('Subscribe?', context.yes);
  const taken = await subscribe({ client, listingId: listing.listingId, periods: options.periods, maxTotal, ...purposeOf(options), ...(options.assetVersion === undefined ? {} : { version: options.assetVersion }) });
  tellPurposeProblem(context, taken);
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
  await confirm(`Pay ${await amount(context, subscription, each * BigInt(options.periods))} for ${options.periods} more?`, context.yes);
  const result = await renewSubscription({ client: await context.signer(), subscriptionId, periods: options.periods });
  return { value: { subscriptionId, ...result }, text: `Paid until ${when(result.paidUntil)}.\nTransaction ${result.hash}` };
}

async function request(context: Context, text: string, options: PurposeOptions & { assetVersion?: number; wait: boolean }): Promise<Result> {
  const { subscriptionId } = await findSubscription(context, text);
  const client = await context.signer();
  const asked = await requestKey({ client, subscriptionId, ...purposeOf(options), ...(options.assetVersion === undefined ? {} : { version: options.assetVersion }) });
  tellPurposeProblem(context, asked);
  const granted = options.wait ? await waited(client, subscriptionId) : undefined;
  return { value: { subscriptionId, ...asked, granted: granted !== undefined }, text: `Asked for the key of version ${asked.version}${granted === undefined ? '' : ', and got it'}.\nNext: neurodata subscriptions download ${subscriptionId}` };
}

async function cancel(context: Context, text: string): Promise<Result> {
  const subscription = await findSubscription(context, text);
  const { subscriptionId, cancelFrom } = subscription;
  if (cancelFrom !== undefined) throw new NeuroError(`Validators may still answer the request for a key until ${when(cancelFrom)}.`, { code: 'NOT_READY', remedy: 'Cancel then, or once the key was granted.', retryable: true });
  await confirm(`Cancel? ${await amount(context, subscription, subscription.refundable)} come back.`, context.yes);
  const result = await cancelSubscription({ client: await context.signer(), subscriptionId });
  return { value: { subscriptionId, ...result }, text: `Cancelled: ${await amount(context, subscription, result.refunded)} wait for \`neurodata subscriptions withdraw${subscription.token === null ? '' : ` --token ${subscription.token}`}\`.\nIt ends at ${when(result.paidUntil)}.\nTransaction ${result.hash}` };
}

async function withdraw(context: Context, { token }: { token?: Address }): Promise<Result> {
  const client = await context.signer();
  const result = token === undefined ? await withdrawCredits({ client, from: 'subscriptions' }) : await withdrawTokens({ client, from: 'subscriptions', token });
  return { value: { ...result, token: token ?? null }, text: result.paid === 0n ? 'Nothing is owed to this account.' : `${await amountText(client, token ?? null, result.paid)}, transaction ${result.hash}` };
}

async function claim(context: Context, texts: string[]): Promise<Result> {
  const client = await context.signer();
  const found = await Promise.all(texts.map((text) => findSubscription(context, text)));
  const result = await claimSubscriptions({ client, ...(found.length > 0 ? { subscriptionIds: found.map(({ subscriptionId }) => subscriptionId) } : {}) });
  return { value: result, text: `${await sumsText(client, result.sums)} of ${result.claimed.length} subscriptions wait for \`neurodata subscriptions withdraw\`.\nTransaction ${result.hash}` };
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
