import { NeuroError, type SignedOffer, type Terms, formatAcceptance, formatOffer, offerHashOf, parseAcceptance, parseOffer } from '@neurodata/protocol';
import { type NeuroClient, type OfferFacts, acceptOffer, cancelAllOffers, cancelOffer, describeAmount, parseAmount, readOffer, relayAcceptance, signAcceptance, signOffer } from '@neurodata/sdk';
import { Command } from 'commander';
import { type Address, type Hex, isHex } from 'viem';
import { writeAtomic } from '../atomicFile.ts';
import { tellPurposeProblem, waitGranted } from '../buyAsset.ts';
import { type Context, type Result, accountNamed, act } from '../context.ts';
import { keyFilePath } from '../keyFile.ts';
import { clean, facts, when } from '../output.ts';
import { positiveInteger, positiveNumber } from '../parse.ts';
import { confirm } from '../prompt.ts';
import { readBytes } from '../readBytes.ts';
import { parseAssetId } from '../resolve.ts';
import { type PurposeOptions, addPurposeOptions, purposeOf } from '../termsOptions.ts';
import { tokenAddress } from '../tokens.ts';

const DAY = 86_400;
type SignOptions = { to: string; price: string; token?: Address; assetVersion?: number; license?: string; note?: string; days: number; out?: string };

export function offersCommand(): Command {
  const offers = new Command('offers');
  offers.command('sign <asset>').description('sign an offer of an own asset; nothing is sent, the buyer needs what it prints')
    .requiredOption('--to <account>', 'the only account that can accept it')
    .requiredOption('--price <amount>', 'in NCR, or in the token')
    .option('--token <address>', 'an allowed ERC-20 instead of NCR', tokenAddress)
    .option('--asset-version <n>', 'this version; by default the newest live one', positiveInteger)
    .option('--license <spdx>', "the licence's terms; by default the asset's")
    .option('--note <text>', 'what else was agreed; stored publicly')
    .option('--days <n>', 'how long it can be accepted', positiveNumber, 7)
    .option('-o, --out <file>', 'write it as a JSON document too')
    .action(act(sign));
  offers.command('show <offer>').description('what an offer says and how it stands (file, link, or - for standard input)')
    .action(act(async (context, text: string) => shown(await context.client(), await readOffer({ client: await context.client(), offer: await given(text) }))));
  addPurposeOptions(offers.command('accept <offer>')).description('pay its price into escrow and receive the key').option('--no-wait', 'do not wait for the key')
    .option('--sign-only <file>', 'sign only, and write the acceptance here for somebody else to send').action(act(accept));
  offers.command('relay <acceptance>').description("send a buyer's signed acceptance and pay its gas; the order and its price are the buyer's")
    .action(act(async (context, file: string) => {
      const { orderId, ...rest } = await relayAcceptance({ client: await context.signer(), acceptance: parseAcceptance(new TextDecoder().decode(await readBytes(file))) });
      return { value: { orderId, ...rest }, text: `Order ${orderId} is open.\nTransaction ${rest.hash}` };
    }));
  offers.command('cancel <offer>').description('end one of your own (file, link, - or its hash)').action(act(async (context, text: string) => {
    const offerHash = isHex(text) && text.length === 66 ? text : offerHashOf(await given(text));
    const { hash, gasUsed } = await cancelOffer({ client: await context.signer(), offerHash });
    return { value: { offerHash, hash, gasUsed }, text: `Cancelled: offer ${offerHash} can no longer be accepted.\nTransaction ${hash}` };
  }));
  offers.command('cancel-all').description('end every offer that the account has signed so far').action(act(async (context) => {
    const client = await context.signer();
    await confirm('End every private offer that this account has signed?', context.yes);
    const { hash, gasUsed } = await cancelAllOffers({ client });
    return { value: { hash, gasUsed }, text: `All private offers of ${client.account.address} are over.\nTransaction ${hash}` };
  }));
  return offers;
}

/** The offer in a file, in a link, or on standard input. */
async function given(text: string): Promise<SignedOffer> {
  if (text.trim().startsWith('neurodata-offer:')) return parseOffer(text);
  return parseOffer(new TextDecoder().decode(await readBytes(text === '-' ? '/dev/stdin' : text)));
}

async function sign(context: Context, text: string, options: SignOptions): Promise<Result> {
  const client = await context.signer();
  const asset = await context.api.getAsset({ assetId: parseAssetId(text) });
  const version = options.assetVersion ?? Math.max(0, ...asset.versions.filter(({ status }) => status === 'live').map((one) => one.version));
  const facts_ = asset.versions.find((one) => one.version === version);
  if (!facts_) throw new NeuroError(version === 0 ? `Asset ${asset.assetId} has no live version.` : `Asset ${asset.assetId} has no version ${version}.`, { code: 'NOT_FOUND', remedy: 'Look at its versions with `datasets info`.' });
  const { token } = options;
  const price = await parseAmount({ client, ...(token ? { token } : {}), text: options.price });
  const terms: Terms = { version: 1, kind: 'download', license: options.license ?? asset.license, validatorsMayRead: facts_.validatorsMayRead, algorithms: [], modelShareBps: 0, ...(options.note ? { note: options.note } : {}) };
  const { timestamp } = await client.publicClient.getBlock();
  const expiry = Number(timestamp) + Math.round(options.days * DAY);
  const { signed, offerHash } = await signOffer({ client, assetId: asset.assetId, version, buyer: await accountNamed(context, options.to), price, terms, expiry, ...(token ? { token } : {}) });
  const link = formatOffer(signed, 'link');
  if (options.out) await writeAtomic(options.out, `${formatOffer(signed, 'json')}\n`);
  const said = await shown(client, { offerHash, signed, state: 'open' });
  return { value: { offerHash, link, signed, ...(options.out ? { file: options.out } : {}) }, text: `${said.text}\n${options.out ? `Wrote ${options.out}\n` : ''}Send this to the buyer (whoever holds it sees the price):\n${link}` };
}

async function shown(client: NeuroClient, found: OfferFacts): Promise<Result> {
  const { signed: { offer }, offerHash, state, orderId } = found;
  const price = await describeAmount({ client, token: offer.token, amount: offer.price });
  return {
    value: found,
    text: facts([['Offer', offerHash], ['Asset', `${offer.assetId} version ${offer.version}`], ['Seller', offer.seller], ['Buyer', offer.buyer], ['Price', price], ['Until', when(offer.expiry)], ['State', state], ['Order', orderId]]),
  };
}

/** How long a signed acceptance holds, in seconds. */
const ACCEPTANCE_TERM = 3600;

async function accept(context: Context, text: string, options: PurposeOptions & { wait: boolean; signOnly?: string }): Promise<Result> {
  const client = await context.signer();
  const found = await readOffer({ client, offer: await given(text) });
  const { title } = await context.api.getAsset({ assetId: found.signed.offer.assetId });
  context.say(`${facts([['Title', clean(title)]])}\n${(await shown(client, found)).text}`);
  await confirm('Accept?', context.yes);
  if (options.signOnly !== undefined) {
    const { timestamp } = await client.publicClient.getBlock();
    const acceptance = await signAcceptance({ client, offer: found.signed, deadline: Number(timestamp) + ACCEPTANCE_TERM });
    await writeAtomic(options.signOnly, `${formatAcceptance(acceptance)}\n`);
    return { value: { ...acceptance, file: options.signOnly }, text: `Wrote ${options.signOnly}: anybody can send it with \`offers relay\` until ${when(acceptance.deadline)}.` };
  }
  const bought = await acceptOffer({ client, offer: found.signed, ...purposeOf(options) });
  tellPurposeProblem(context, bought);
  context.say(`Accepted: order ${bought.orderId}\nIts key is kept in ${keyFilePath(context.settings.home, client.account.address)}`);
  const state = options.wait ? await waitGranted(client, bought.orderId) : 'open';
  return { value: { ...bought, state }, text: accepted(bought.orderId, state) };
}

function accepted(orderId: Hex, state: string): string {
  return `Order ${orderId} is ${state}.\nNext: neurodata datasets download ${orderId}`;
}
