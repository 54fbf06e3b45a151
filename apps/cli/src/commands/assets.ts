import { NeuroError, hex32Schema } from '@neurodata/protocol';
import { approveCoin, batchBuy, giftLicense, linkSample, readRoyalty, releaseReserve, retireListing, retryRound, revokeVersion, setRoyalty, transferAsset } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { tellPurposeProblem } from '../buyAsset.ts';
import { type Context, type Result, accountNamed, act } from '../context.ts';
import { facts, ncr, table } from '../output.ts';
import { positiveInteger, royalty } from '../parse.ts';
import { confirm } from '../prompt.ts';
import { done } from '../sentResult.ts';
import { type PurposeOptions, addPurposeOptions, purposeOf } from '../termsOptions.ts';
import { addDiscovery } from './discovery.ts';

const whole = (name: string, description: string): Argument => new Argument(`<${name}>`, description).argParser(positiveInteger);

/** What datasets and models have in common besides being published and bought one by one. */
export function assetsCommand(): Command {
  const assets = new Command('assets');
  assets.command('transfer').description('give an asset to another account; offers that stand go on paying you until one of you withdraws them').addArgument(whole('asset', 'its number')).argument('<account>', 'its address, or the name of a demo account').action(act(transfer));
  assets.command('revoke').description('stop new orders of a version; who has bought keeps what they bought').addArgument(whole('asset', 'its number')).addArgument(whole('version', 'its number'))
    .requiredOption('--reason <text>', 'stored publicly').action(act(revoke));
  assets.command('retry').description('ask for another round on a version on which validators came to no verdict').addArgument(whole('asset', 'its number')).addArgument(whole('version', 'its number'))
    .action(act(async (context, assetId: number, version: number) => done('Another round is open.', await retryRound({ client: await context.signer(), assetId, version }), { assetId, version })));
  assets.command('release-reserve').description('return what was held for disputes, 120 days after a version was revoked; anybody may').addArgument(whole('asset', 'its number')).addArgument(whole('version', 'its number'))
    .action(act(async (context, assetId: number, version: number) => done('The reserve went to the owner.', await releaseReserve({ client: await context.signer(), assetId, version }), { assetId, version })));
  assets.command('sample').description('link a published asset as the sample of another, to try a purchase on').addArgument(whole('asset', 'its number')).addArgument(whole('sample', 'the number of the sample'))
    .action(act(async (context, assetId: number, sampleAssetId: number) => done('Linked.', await linkSample({ client: await context.signer(), assetId, sampleAssetId }), { assetId, sampleAssetId })));
  assets.command('royalty').description('what you ask marketplaces for when the asset itself is resold (ERC-2981): shows it, or sets it').addArgument(whole('asset', 'its number'))
    .addArgument(new Argument('[percent]', 'of the price, at most 10%; 0% asks for nothing').argParser(royalty)).option('--to <account>', 'who gets it (default: you)').action(act(setOrShowRoyalty));
  assets.command('retire').description('withdraw an offer; orders go on').addArgument(whole('listing', 'its number'))
    .action(act(async (context, listingId: number) => done('The offer is withdrawn.', await retireListing({ client: await context.signer(), listingId }), { listingId })));
  addPurposeOptions(assets.command('buy-all')).description('buy several download listings in one transaction: all or none').argument('<listings...>', 'their numbers').action(act(buyAll));
  assets.command('gift').description('buy a download listing for somebody else').addArgument(whole('listing', 'its number')).argument('<account>', 'whose it shall be')
    .requiredOption('--key <key>', 'the public key that they made with `keys new`').action(act(gift));
  addDiscovery(assets);
  return assets;
}

async function transfer(context: Context, assetId: number, who: string): Promise<Result> {
  const to = await accountNamed(context, who);
  const client = await context.signer();
  await confirm(`Give asset ${assetId} to ${to}? Only they can give it back. Offers that stand go on paying you until they are withdrawn.`, context.yes);
  return done(`Asset ${assetId} belongs to ${to}.`, await transferAsset({ client, assetId, to }), { assetId, to });
}

async function setOrShowRoyalty(context: Context, assetId: number, bps: number | undefined, { to }: { to?: string }): Promise<Result> {
  if (bps === undefined) return showRoyalty(context, assetId);
  const client = await context.signer();
  const receiver = to === undefined ? client.account.address : await accountNamed(context, to);
  const text = bps === 0 ? `Asset ${assetId} asks for nothing when it is resold.` : `Asset ${assetId} asks for ${bps / 100} % to ${receiver} when it is resold.`;
  return done(text, await setRoyalty({ client, assetId, receiver, bps }), { assetId, receiver: bps === 0 ? null : receiver, bps });
}

/** Asks for the royalty of a price of 10,000, which is its basis points. */
async function showRoyalty(context: Context, assetId: number): Promise<Result> {
  const asked = await readRoyalty({ client: await context.client(), assetId, price: 10_000n });
  const bps = Number(asked?.amount ?? 0n);
  return { value: { assetId, receiver: asked?.receiver ?? null, bps }, text: asked ? `Asset ${assetId} asks for ${bps / 100} % to ${asked.receiver} when it is resold.` : `Asset ${assetId} asks for nothing when it is resold.` };
}

async function revoke(context: Context, assetId: number, version: number, { reason }: { reason: string }): Promise<Result> {
  const client = await context.signer();
  await confirm(`Revoke version ${version} of asset ${assetId} for good?`, context.yes);
  return done('Revoked: there are no new orders of it.', await revokeVersion({ client, assetId, version, reason }), { assetId, version });
}

/** What listings cost now; throws `BAD_INPUT` for one that is not priced in NCR. */
async function priceOf(context: Context, listingId: number): Promise<bigint> {
  const { price, token } = await context.api.getListing({ listingId });
  if (token === null) return price;
  throw new NeuroError(`Listing ${listingId} is priced in another token.`, { code: 'BAD_INPUT', remedy: 'Buy it by itself.', details: token });
}

async function buyAll(context: Context, numbers: string[], options: PurposeOptions): Promise<Result> {
  const listingIds = numbers.map((text) => positiveInteger(text));
  const client = await context.signer();
  const purpose = purposeOf(options);
  const prices = await Promise.all(listingIds.map((listingId) => priceOf(context, listingId)));
  const maxTotal = prices.reduce((sum, price) => sum + price, 0n);
  await confirm(`Buy ${listingIds.length} listings for ${ncr(maxTotal)}?`, context.yes);
  await approveCoin({ client, spender: client.config.deployment.addresses.market, amount: maxTotal });
  const bought = await batchBuy({ client, purchases: listingIds.map((listingId) => ({ listingId })), maxTotal, ...purpose });
  for (const order of bought.orders) tellPurposeProblem(context, order);
  return { value: bought, text: `${table(['order', 'listing', 'version', 'price'], bought.orders.map((order) => [order.orderId, String(order.listingId), String(order.version), ncr(order.price)]), '')}\nTransaction ${bought.hash}` };
}

async function gift(context: Context, listingId: number, who: string, { key }: { key: string }): Promise<Result> {
  const recipientKey = hex32Schema.safeParse(key);
  if (!recipientKey.success) throw new NeuroError(`${key} is not a public key.`, { code: 'BAD_INPUT', remedy: 'Ask the receiver for the one that `keys new` prints.' });
  const to = await accountNamed(context, who);
  const client = await context.signer();
  const maxPrice = await priceOf(context, listingId);
  await confirm(`Pay ${ncr(maxPrice)} for ${to}? The order is theirs, a refund too.`, context.yes);
  await approveCoin({ client, spender: client.config.deployment.addresses.market, amount: maxPrice });
  const given = await giftLicense({ client, listingId, to, recipientKey: recipientKey.data, maxPrice });
  return { value: given, text: facts([['Order', given.orderId], ['Version', given.version], ['Paid', ncr(given.price)], ['Transaction', given.hash]]) };
}
