import { NeuroError, purposeData, validatorsAbi } from '@neurodata/protocol';
import type { PreparedCalls, Purpose, PurposeStatement } from '@neurodata/protocol';
import { buyCall, claimCall, confirmCall, disputeCall, draftPurpose, missingApproval, openJobCall, orderIdOf, planPurchase, planRun, prepareCalls, readAdmitted, readReview, refundCall, reviewCall, toNeuroError, voteCall } from '@neurodata/sdk';
import type { ChainReader } from '@neurodata/sdk';
import { rawCidOfDigest } from '@neurodata/storage';
import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import { getAddress, getTypesForEIP712Domain, serializeTypedData } from 'viem';
import type { Address, Hex, TypedData } from 'viem';
import { assets, listings, versions } from '../../db/schema.ts';
import type { Handler, HandlerContext } from './Handler.ts';
import { findProposal } from './proposals.ts';
import { findOrder } from './trades.ts';

/** What only its owner can sign, put together by the same functions that the verbs of the sdk send. */

type Calls = Parameters<typeof prepareCalls>[0]['calls'];

const readerOf = ({ config, client }: HandlerContext): ChainReader => ({ config, publicClient: client });

async function prepared(context: HandlerContext, account: Address, calls: Calls, deadline?: number): Promise<PreparedCalls> {
  return { calls: await prepareCalls({ client: readerOf(context), account: getAddress(account), calls }), deadline: deadline ?? null };
}

type Purchase = { listingId: number; account: Address; recipientKey: Hex; version?: number | undefined; maxPrice?: bigint | undefined; purpose?: Purpose | undefined };

async function purchase(context: HandlerContext, { listingId, account, recipientKey, version, maxPrice, purpose }: Purchase): Promise<PreparedCalls> {
  const client = readerOf(context);
  const { listing, ...plan } = await planPurchase({ client, listingId, ...(version === undefined ? {} : { version }), ...(maxPrice === undefined ? {} : { maxPrice }) });
  if (listing.kind !== 'download') throw new NeuroError(`Listing ${listingId} sells no download licence.`, { code: 'BAD_INPUT', remedy: 'Choose another listing of the asset.' });
  const terms = await readAdmitted({ client: { ...client, storage: context.storage }, assetId: listing.assetId, version: plan.version, purpose });
  const approval = await missingApproval({ client, account, token: listing.token, spender: context.config.deployment.addresses.market, value: listing.price });
  const calls = await prepared(context, account, [...approval, buyCall({ config: context.config, listingId, recipientKey, ...plan })]);
  if (!purpose || !terms?.limits) return calls;
  const proofId = await orderIdOf({ client, account: getAddress(account), listingId, version: plan.version, recipientKey });
  const statement = await draftPurpose({ client, account: getAddress(account), proofId, terms, purpose });
  return { ...calls, promise: { statement, typedData: typedDataOf(context, statement), validators: [...terms.facts.committee] } };
}

/** As `eth_signTypedData_v4` takes it. */
function typedDataOf({ config: { deployment: { chainId, addresses: { market } } } }: HandlerContext, statement: PurposeStatement): string {
  const { domain, types, primaryType, message } = purposeData({ chainId, market, statement });
  const all: TypedData = { EIP712Domain: getTypesForEIP712Domain({ domain }), ...types };
  return serializeTypedData({ domain, types: all, primaryType, message });
}

export const preparePurchase: Handler<'preparePurchase'> = (context, { params, body }) => purchase(context, { ...params, ...body });

export const prepareAssetPurchase: Handler<'prepareAssetPurchase'> = async (context, { params, body }) => {
  const { assetId } = params;
  const [newest] = await context.db.orm.select({ version: versions.version }).from(versions)
    .where(and(eq(versions.assetId, assetId), eq(versions.status, 'live'), body.version === undefined ? undefined : eq(versions.version, body.version))).orderBy(desc(versions.version)).limit(1);
  const offered = await offersOf(context, assetId);
  const fitting = newest && offered.find(({ firstVersion, lastVersion }) => firstVersion <= newest.version && (lastVersion === 0 || lastVersion >= newest.version));
  if (!fitting) throw new NeuroError(`No licence of asset ${assetId} is sold for NCR now.`, { code: 'NOT_FOUND', remedy: 'Look at its listings.' });
  return purchase(context, { ...body, listingId: fitting.listingId, version: newest.version });
};

export const prepareTestPurchase: Handler<'prepareTestPurchase'> = async (context, { params, body }) => {
  const { assetId } = params;
  const [asset] = await context.db.orm.select({ sampleAssetId: assets.sampleAssetId }).from(assets).where(eq(assets.assetId, assetId));
  if (!asset?.sampleAssetId) throw new NeuroError(`Asset ${assetId} has no sample.`, { code: 'NOT_FOUND', remedy: 'Ask its owner for one, or try another asset.' });
  const free = (await offersOf(context, asset.sampleAssetId)).find(({ price }) => price === 0n);
  if (!free) throw new NeuroError(`The sample of asset ${assetId} is not offered for free.`, { code: 'NOT_FOUND', remedy: `Look at asset ${asset.sampleAssetId}.` });
  return purchase(context, { ...body, listingId: free.listingId, maxPrice: 0n });
};

/** Download licences for NCR, cheapest first. */
function offersOf({ db }: HandlerContext, assetId: number) {
  return db.orm.select().from(listings).where(and(eq(listings.assetId, assetId), eq(listings.kind, 'download'), eq(listings.retired, false), isNull(listings.token))).orderBy(asc(listings.price), asc(listings.listingId)).limit(500);
}

export const prepareConfirm: Handler<'prepareConfirm'> = async (context, { params, body }) => {
  const { orderId, deadline } = await findOrder(context, params.orderId);
  return prepared(context, body.account, [confirmCall({ config: context.config, orderId })], deadline);
};

export const prepareDispute: Handler<'prepareDispute'> = async (context, { params, body }) => {
  const { account, evidence } = body;
  const { config } = context;
  const { orderDisputes, validators, neuroCoin } = config.deployment.addresses;
  const { orderId, deadline } = await findOrder(context, params.orderId);
  const client = readerOf(context);
  const bond = await context.client.readContract({ address: validators, abi: validatorsAbi, functionName: 'roundFee' }).catch((error: unknown) => { throw toNeuroError(error); });
  const approval = await missingApproval({ client, account, token: neuroCoin, spender: orderDisputes, value: bond });
  return prepared(context, account, [...approval, disputeCall({ config, orderId, evidence })], deadline);
};

export const prepareRelease: Handler<'prepareRelease'> = async (context, { params, body }) => {
  const { orderId, seller } = await findOrder(context, params.orderId);
  return prepared(context, body.account, [claimCall({ config: context.config, seller, orderIds: [orderId] })]);
};

export const prepareRefund: Handler<'prepareRefund'> = async (context, { params, body }) => {
  const { orderId } = await findOrder(context, params.orderId);
  return prepared(context, body.account, [refundCall({ config: context.config, orderId })]);
};

export const prepareRun: Handler<'prepareRun'> = async (context, { params, body }) => {
  const { recipientKey, train, version, maxTotal, waits, purpose } = body;
  const { config, storage } = context;
  const account = getAddress(body.account);
  const client = { ...readerOf(context), storage, account: { address: account } };
  const plan = await planRun({ client, ...params, train, ...(version === undefined ? {} : { version }), ...(maxTotal === undefined ? {} : { maxTotal }), ...(waits === undefined ? {} : { waits }), ...(purpose ? { purpose } : {}) });
  const { specBytes, specDigest, quote: { total } } = plan;
  const { neuroCoin, training } = config.deployment.addresses;
  const approval = await missingApproval({ client, account, token: neuroCoin, spender: training, value: total });
  return { ...(await prepared(context, account, [...approval, openJobCall({ config, plan, recipientKey })])), spec: new TextDecoder().decode(specBytes), specDigest, specCid: rawCidOfDigest(specDigest), total };
};

export const prepareReview: Handler<'prepareReview'> = async (context, { params, body }) => {
  const { account, rating, digest } = body;
  const { orderId } = await findOrder(context, params.orderId);
  const { rating: before } = await readReview({ client: readerOf(context), orderId });
  return prepared(context, account, [reviewCall({ config: context.config, orderId, rating, digest, edited: before !== 0 })]);
};

export const prepareVote: Handler<'prepareVote'> = async (context, { params, body }) => {
  const { account, ...vote } = body;
  const { proposalId, voteEnd } = await findProposal(context, params.proposalId);
  return prepared(context, account, [voteCall({ config: context.config, proposalId: BigInt(proposalId), ...vote })], voteEnd);
};
