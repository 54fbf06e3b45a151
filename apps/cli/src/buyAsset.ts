import type { OrderDto } from '@neurodata/protocol';
import { NeuroError, useWords } from '@neurodata/protocol';
import { type NeuroClient, buyLicense, parseAmount, testPurchase, waitForGrant } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import type { Context, Result } from './context.ts';
import { keyFilePath } from './keyFile.ts';
import { clean, facts } from './output.ts';
import { createProgress } from './progress.ts';
import { confirm } from './prompt.ts';
import { chooseListing, parseAssetId } from './resolve.ts';
import { type PurposeOptions, purposeOf } from './termsOptions.ts';
import { amountText, balanceText } from './tokens.ts';

export type BuyOptions = PurposeOptions & { listing?: number; assetVersion?: number; maxPrice?: string; token?: Address; wait: boolean };

/** Shows the price, asks, pays into escrow, and waits for the key unless told not to. */
export async function buyAsset(context: Context, asset: string, options: BuyOptions): Promise<Result> {
  const client = await context.signer();
  const found = await context.api.getAsset({ assetId: parseAssetId(asset) });
  const listing = chooseListing(found, 'download', options);
  const { token } = listing;
  const maxPrice = options.maxPrice === undefined ? listing.price : await parseAmount({ client, ...(token ? { token } : {}), text: options.maxPrice });
  const [price, balance] = await Promise.all([amountText(client, token, listing.price), balanceText(client, token, client.account.address)]);
  context.say(facts([
    ['Asset', `${found.assetId}, ${clean(found.title)}`], ['Licence', clean(found.license)], ['Listing', listing.listingId], ['Seller', listing.seller], ['Price', price], ['Your balance', balance],
    ['For', purposeText(options)], ['Escrow', `returns by itself if validators do not grant the key within ${client.config.windows.grant / 60} minutes`],
  ]));
  await confirm('Buy?', context.yes);
  const bought = await buyLicense({ client, listingId: listing.listingId, maxPrice, ...purposeOf(options), ...(options.assetVersion === undefined ? {} : { version: options.assetVersion }) });
  tellPurposeProblem(context, bought);
  context.say(`Bought: order ${bought.orderId}\nIts key is kept in ${keyFilePath(context.settings.home, client.account.address)}`);
  const state = options.wait ? await waitGranted(client, bought.orderId) : 'open';
  const next = found.kind === 'model' ? 'models download' : 'datasets download';
  return { value: { ...bought, state }, text: `Order ${bought.orderId} is ${state}.\nNext: neurodata ${next} ${bought.orderId}` };
}

/** Buys the asset's free sample, and waits for the key unless told not to. */
export async function testAsset(context: Context, asset: string, options: PurposeOptions & { wait: boolean }): Promise<Result> {
  const client = await context.signer();
  const bought = await testPurchase({ client, assetId: parseAssetId(asset), ...purposeOf(options) });
  tellPurposeProblem(context, bought);
  context.say(`Bought the sample, asset ${bought.sampleAssetId}: order ${bought.orderId}\nIts key is kept in ${keyFilePath(context.settings.home, client.account.address)}`);
  const state = options.wait ? await waitGranted(client, bought.orderId) : 'open';
  return { value: { ...bought, state }, text: `Order ${bought.orderId} is ${state}.\nNext: neurodata datasets download ${bought.orderId}` };
}

/** Shows the key shares as they come; the order's state once it is granted. */
export async function waitGranted(client: NeuroClient, orderId: Hex): Promise<string> {
  const progress = createProgress('counts');
  try {
    return await waitForGrant({ client, orderId, onProgress: ({ grants, threshold }) => progress.update('Waiting for key shares', Math.min(grants, threshold), threshold) });
  } finally {
    progress.stop();
  }
}

/** Refuses an order that is not the account's, before anything is fetched. */
export function checkBuyer(order: OrderDto, address: string): void {
  if (order.buyer.toLowerCase() === address.toLowerCase()) return;
  throw new NeuroError(`Order ${order.orderId} was bought by ${order.buyer}.`, { code: 'NOT_ENTITLED', remedy: 'Use the account that bought it, with --as.' });
}

function purposeText(options: PurposeOptions): string | undefined {
  const { purpose } = purposeOf(options);
  return purpose && `${useWords[purpose.use]}; what comes of it ${purpose.sharesResult ? 'may be' : 'is not'} passed on. You sign this`;
}

/** What was bought is bought; what is missing is said. */
export function tellPurposeProblem(context: Context, { purposeProblem }: { purposeProblem?: NeuroError }): void {
  if (purposeProblem) context.say(`Note: ${purposeProblem.message}`);
}
