import { type AccusationState, type DisputeState, NeuroError, type OrderDisputeDto, type OrderDto, useWords } from '@neurodata/protocol';
import {
  type NeuroClient, accuseGrant, claimOrders, confirmOrder, describeAmount, disputeOrder, escalateDispute, findFalseGrants, readJuryCost, readPurposes, readSubscription, refundOrder, resolveDispute, statePurpose, submitOrderEvidence, versionFee,
} from '@neurodata/sdk';
import { Command } from 'commander';
import type { Hex } from 'viem';
import { type Context, type Result, act } from '../context.ts';
import { testAsset } from '../buyAsset.ts';
import { clean, facts, ncr, short, shortId, table, when } from '../output.ts';
import { confirm } from '../prompt.ts';
import { positiveInteger } from '../parse.ts';
import { allPages, findOrder, parseAssetId } from '../resolve.ts';
import { type PurposeOptions, addPurposeOptions, purposeOf } from '../termsOptions.ts';
import { sumsText } from '../tokens.ts';
import { done } from '../sentResult.ts';

export function ordersCommand(): Command {
  const orders = new Command('orders');
  orders.command('list').description("the account's purchases, or its sales")
    .option('--sales', 'orders of which the account is the seller')
    .option('--asset <n>', 'only of this asset', positiveInteger)
    .action(act(list));
  orders.command('show <order>').description('one order: grants, deadlines, history').action(act(async (context, text: string) => {
    const order = await findOrder(context, text);
    return { value: order, text: textOf(order, await priceOf(await context.client(), order)) };
  }));
  orders.command('confirm <order>').description('say that the goods are right: the money is the seller\'s').action(act(async (context, text: string) => {
    const order = await findOrder(context, text);
    const { orderId } = order;
    const client = await context.signer();
    const price = await priceOf(client, order);
    await confirm(`Release ${price} to the seller? This ends your right to dispute.`, context.yes);
    const { hash, gasUsed } = await confirmOrder({ client, orderId });
    return { value: { orderId, hash, gasUsed }, text: `Confirmed: ${price} is the seller's.\nTransaction ${hash}` };
  }));
  orders.command('refund <order>').description('return the money of an order that was not granted in time').action(act(async (context, text: string) => {
    const order = await findOrder(context, text);
    const { orderId } = order;
    const client = await context.signer();
    const { hash, gasUsed } = await refundOrder({ client, orderId });
    return { value: { orderId, hash, gasUsed }, text: `Refunded: ${await priceOf(client, order)} went back to the buyer.\nTransaction ${hash}` };
  }));
  orders.command('claim [orders...]').description('collect the money of confirmed sales; by default all of the account\'s').action(act(claim));
  addPurposeOptions(orders.command('test <asset>')).description('buy the free sample of an asset: the whole way of a purchase, at no price')
    .option('--no-wait', 'do not wait for the key')
    .action(act((context, asset: string, options: PurposeOptions & { wait: boolean }) => testAsset(context, asset, options)));
  orders.command('dispute <order>').description('say that the content is not what was committed to')
    .requiredOption('--evidence <text>', 'what is wrong; stored publicly')
    .action(act(dispute));
  orders.command('escalate <order>').description('take a dispute from the validators to jurors, and pay them').action(act(escalate));
  orders.command('evidence <order> <text>').description('add evidence to a disputed order, as one of its parties; stored publicly').action(act(async (context, text: string, evidence: string) => {
    const { orderId } = await findOrder(context, text);
    const { evidenceCid, ...sent } = await submitOrderEvidence({ client: await context.signer(), orderId, text: evidence });
    return done(`Added as ipfs://${evidenceCid}.`, sent, { orderId, evidenceCid });
  }));
  addPurposeOptions(orders.command('purpose <order>')).description('sign what an order, or a subscription by its id, is for, where its publisher has set limits: until then nobody grants its key').action(act(signPurpose));
  orders.command('purposes <asset>').description('what buyers of an own asset signed that they want it for; asked of those who hold its key')
    .option('--asset-version <n>', 'of its key; by default the newest', positiveInteger)
    .action(act(showPurposes));
  orders.command('accuse <order>').description('have validators slashed that granted false key shares; of a subscription, give its id').action(act(accuse));
  orders.command('resolve <order>').description('end a dispute whose time is over; anybody may').action(act(async (context, text: string) => {
    const order = await findOrder(context, text);
    const { orderId } = order;
    const client = await context.signer();
    const { state, ...sent } = await resolveDispute({ client, orderId });
    const price = await priceOf(client, order);
    return done(state === 'refunded' ? `Resolved for the buyer: ${price} went back.` : `Resolved for the seller: ${price} can be collected.`, sent, { orderId, state });
  }));
  return orders;
}

async function list(context: Context, options: { sales?: boolean; asset?: number }): Promise<Result> {
  const client = await context.signer();
  const { account } = client;
  const whose = options.sales ? { seller: account.address } : { buyer: account.address };
  const items = await allPages((cursor) => context.api.listOrders({ ...whose, limit: 100, ...(options.asset === undefined ? {} : { assetId: options.asset }), ...(cursor === undefined ? {} : { cursor }) }));
  const prices = await Promise.all(items.map((order) => priceOf(client, order)));
  const rows = items.map((order, index) => [shortId(order.orderId), `${order.assetId} v${order.version}`, short(order.assetTitle, 36), prices[index] ?? '', order.state, order.turn, when(order.openedAt)]);
  return { value: { items }, text: table(['order', 'asset', 'title', 'price', 'state', 'turn', 'opened'], rows, options.sales ? 'No sales yet.' : 'No purchases yet.') };
}

/** In the token that was paid in. */
async function priceOf(client: NeuroClient, { price, token }: OrderDto): Promise<string> {
  return token === null ? ncr(price) : describeAmount({ client, token, amount: price });
}

function textOf(order: OrderDto, price: string): string {
  const head = facts([
    ['Order', order.orderId], ['Asset', `${order.assetId} version ${order.version}, ${clean(order.assetTitle)}`], ['Price', price], ['Buyer', order.buyer], ['Seller', order.seller],
    ['State', order.state], ['Turn', order.turn], ['Until', order.deadline === undefined ? undefined : when(order.deadline)], ['Key shares', `${order.grants.length} granted, ${order.threshold} needed`],
    ['Dispute', order.dispute && disputeText(order.dispute)],
    ['Round', order.round && `${order.round.roundId}, ${order.round.settled ? order.round.verdict : 'open'}`],
  ]);
  return `${head}\n\n${table(['event', 'at', 'block', 'gas', 'transaction'], order.activity.map((entry) => [entry.event, when(entry.at), String(entry.block), String(entry.gasUsed ?? ''), shortId(entry.transaction)]), 'No history.')}`;
}

/** A subscription's id is no order's: it is taken as it is, for the version that was asked for last. */
async function signPurpose(context: Context, text: string, options: PurposeOptions): Promise<Result> {
  const { purpose } = purposeOf(options);
  if (!purpose) throw new NeuroError('Nobody said what it is for.', { code: 'BAD_INPUT', remedy: 'Add --purpose with one of the uses that `datasets terms` names.' });
  const client = await context.signer();
  const bought = text.startsWith('0x04') && text.length === 66 ? await readSubscription({ client, subscriptionId: text as Hex }).then(({ subscriptionId, assetId, request }) => ({ proofId: subscriptionId, assetId, version: request.version })) : await findOrder(context, text).then(({ orderId, assetId, version }) => ({ proofId: orderId, assetId, version }));
  await confirm(`Promise that it is for ${useWords[purpose.use]} only, and that what comes of it ${purpose.sharesResult ? 'may be' : 'is not'} passed on?`, context.yes);
  const { kept, missing, signed } = await statePurpose({ client, ...bought, purpose });
  return { value: { ...bought, signed, kept, missing }, text: `Validators ${kept.join(', ')} keep your promise${missing.length === 0 ? '' : `; ${missing.length} could not be told`}. They grant the key now.` };
}

async function showPurposes(context: Context, text: string, { assetVersion }: { assetVersion?: number }): Promise<Result> {
  const assetId = parseAssetId(text);
  const version = assetVersion ?? (await context.api.getAsset({ assetId })).latestVersion;
  const found = await readPurposes({ client: await context.signer(), assetId, version });
  const rows = found.items.map(({ statement, keptBy }) => [shortId(statement.proofId), statement.account, statement.use, statement.sharesResult ? 'may be passed on' : 'is kept', when(statement.signedAt), keptBy.join(', ')]);
  const silent = found.problems.map(({ validatorId, reason }) => `Validator ${validatorId}: ${reason}`);
  return { value: found, text: [table(['of', 'signed by', 'for', 'the result', 'at', 'kept by'], rows, 'Nobody has promised anything.'), ...silent].join('\n') };
}

/** A subscription's id is no order's: it is taken as it is. */
async function accuse(context: Context, text: string): Promise<Result> {
  const proofId = text.startsWith('0x04') && text.length === 66 ? (text as Hex) : (await findOrder(context, text)).orderId;
  const client = await context.signer();
  const found = await findFalseGrants({ client, proofId });
  const due = found.filter(({ state }) => state !== 'open' && state !== 'guilty');
  const named = found.map(({ grant, state, atStake }) => [`validator ${grant.validatorId}`, accusationWords[state], ncr(atStake)]);
  const list = table(['false share of', 'state', 'at stake'], named, 'Every share that was granted is true.');
  if (due.length === 0) return { value: { proofId, accusations: [] }, text: list };
  const bond = (await versionFee(client)) / 2n;
  await confirm(`${list}\n\nAccuse ${due.length === 1 ? 'it' : `all ${due.length}`}, with a bond of ${ncr(bond)} each? What the false envelope holds becomes public, and nothing else.`, context.yes);
  const accusations = [];
  for (const { grant: { validatorId } } of due) accusations.push({ validatorId, ...(await accuseGrant({ client, proofId, validatorId })) });
  return { value: { proofId, accusations }, text: table(['accused', 'round', 'transaction'], accusations.map(({ validatorId, roundId, hash }) => [`validator ${validatorId}`, roundId, shortId(hash)]), '') };
}

const accusationWords: Record<AccusationState, string> = { none: 'not accused', open: 'validators look at it', guilty: 'slashed', dismissed: 'accused in vain', undecided: 'accused, no verdict' };

const disputeWords: Record<DisputeState, string> = {
  none: '', round: 'validators look at it', accepted: 'validators accept the content; the buyer may ask jurors', undecided: 'validators came to no verdict; either party may ask jurors',
  jury: 'before jurors', dismissed: 'decided for the seller', upheld: 'decided for the buyer',
};

function disputeText({ state, disputeId }: OrderDisputeDto): string {
  return disputeId === undefined ? disputeWords[state] : `${disputeWords[state]}, dispute ${disputeId}`;
}

async function escalate(context: Context, text: string): Promise<Result> {
  const { orderId } = await findOrder(context, text);
  const client = await context.signer();
  await confirm(`Pay ${ncr(await readJuryCost(client))} for jurors about order ${shortId(orderId)}? If you win, what the other side has put up goes towards it.`, context.yes);
  const result = await escalateDispute({ client, orderId });
  return { value: { orderId, ...result }, text: `Dispute ${result.disputeId} before the jurors, for ${ncr(result.cost)}.\nTransaction ${result.hash}` };
}

async function claim(context: Context, texts: string[]): Promise<Result> {
  const client = await context.signer();
  const orders = await Promise.all(texts.map((text) => findOrder(context, text)));
  const result = await claimOrders({ client, ...(orders.length > 0 ? { orderIds: orders.map(({ orderId }) => orderId) } : {}) });
  return { value: result, text: `Claimed ${await sumsText(client, result.sums)} of ${result.claimed.length} orders.\nTransaction ${result.hash}` };
}

async function dispute(context: Context, text: string, options: { evidence: string }): Promise<Result> {
  const { orderId } = await findOrder(context, text);
  const client = await context.signer();
  const bond = (await versionFee(client)) / 2n;
  await confirm(`Dispute order ${shortId(orderId)} with a bond of ${ncr(bond)}, returned if you are right? A committee will read the rows.`, context.yes);
  const result = await disputeOrder({ client, orderId, evidence: options.evidence });
  return { value: { orderId, ...result }, text: facts([['Order', orderId], ['Round', result.roundId], ['Evidence', result.evidenceCid], ['Transaction', result.hash]]) };
}
