import { z } from 'zod';
import { downloadSchema, escrowSchema, escrowStates, preparedCallsSchema, userStatsSchema } from './marketDto.ts';
import { trainSpecSchema } from './jobSpec.ts';
import type { Route } from './route.ts';
import { addressSchema, amountSchema, assetIdSchema, hex32Schema, versionSchema } from './schemas.ts';
import { purposeSchema } from './terms/purpose.ts';

const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.number().int().optional() });
const orderParams = z.object({ orderId: hex32Schema });
const assetParams = z.object({ assetId: assetIdSchema });
/** Whoever will sign. */
const account = addressSchema;
const signer = z.object({ account });
/** The public half of an X25519 key whose secret the buyer keeps: the licence's key is sealed to it. */
const recipientKey = hex32Schema;
/** What it is for: asked for where the publisher has set limits. */
const purpose = purposeSchema.optional();
const purchase = z.object({ account, recipientKey, version: versionSchema.optional(), maxPrice: amountSchema.optional(), purpose });

/** Money in escrow, and what only its owner can sign, put together. */
export const marketRoutes = {
  listEscrows: {
    method: 'GET', path: '/api/v1/escrows', summary: 'The money of orders: where it is, until when and what may happen to it; newest first',
    query: z.object({
      cursor: z.coerce.number().int().nonnegative().optional(), limit: z.coerce.number().int().min(1).max(100).optional(),
      party: addressSchema.optional(), buyer: addressSchema.optional(), seller: addressSchema.optional(), state: z.enum(escrowStates).optional(),
    }),
    response: page(escrowSchema),
  },
  getEscrow: { method: 'GET', path: '/api/v1/escrows/{orderId}', summary: 'The money of one order', params: orderParams, response: escrowSchema },
  getDownload: {
    method: 'GET', path: '/api/v1/assets/{assetId}/download', summary: 'Where the sealed bytes of a version are, of the newest live one by default; they open with what a licence was granted',
    params: assetParams, query: z.object({ version: versionSchema.optional() }), response: downloadSchema,
  },
  getUserStats: { method: 'GET', path: '/api/v1/users/stats', summary: 'What the linked wallets published, bought, sold and ran', access: 'profile:read', response: userStatsSchema },
  preparePurchase: {
    method: 'POST', quiet: true, path: '/api/v1/listings/{listingId}/purchase', summary: 'The transactions that buy a download licence: an approval where one is missing, then the purchase. Money goes into escrow. What has limits takes a `purpose`, and `promise` is what to sign before',
    params: z.object({ listingId: z.coerce.number().int().positive() }), body: purchase, response: preparedCallsSchema,
  },
  prepareAssetPurchase: {
    method: 'POST', quiet: true, path: '/api/v1/assets/{assetId}/purchase', summary: 'The same for the cheapest download licence of an asset that is sold for NCR',
    params: assetParams, body: purchase, response: preparedCallsSchema,
  },
  prepareTestPurchase: {
    method: 'POST', quiet: true, path: '/api/v1/assets/{assetId}/test-purchase', summary: 'The transaction that buys the free sample of an asset: the whole way of a purchase, at no price',
    params: assetParams, body: z.object({ account, recipientKey, purpose }), response: preparedCallsSchema,
  },
  prepareConfirm: { method: 'POST', quiet: true, path: '/api/v1/orders/{orderId}/confirm', summary: 'The transaction with which the buyer says that the goods are right', params: orderParams, body: signer, response: preparedCallsSchema },
  prepareDispute: {
    method: 'POST', quiet: true, path: '/api/v1/orders/{orderId}/dispute', summary: 'The transactions with which the buyer disputes an order, bond included; `evidence` is the SHA-256 of a document that was stored as a block before',
    params: orderParams, body: signer.extend({ evidence: hex32Schema }), response: preparedCallsSchema,
  },
  prepareRelease: { method: 'POST', quiet: true, path: '/api/v1/orders/{orderId}/release', summary: 'The transaction that pays the seller of an order which was confirmed, or left silent past its window; anybody may send it', params: orderParams, body: signer, response: preparedCallsSchema },
  prepareRefund: { method: 'POST', quiet: true, path: '/api/v1/orders/{orderId}/refund', summary: 'The transaction that returns the money of an order which was not granted in time, or whose version was refused; anybody may send it', params: orderParams, body: signer, response: preparedCallsSchema },
  prepareRun: {
    method: 'POST', quiet: true, path: '/api/v1/listings/{listingId}/run', summary: 'The transactions that open a training run: an approval where one is missing, then the job. `spec` is stored as a block (`specCid`) before they are signed; with `waits` the job may wait for a worker',
    params: z.object({ listingId: z.coerce.number().int().positive() }),
    body: signer.extend({ recipientKey, version: versionSchema.optional(), train: trainSpecSchema, maxTotal: amountSchema.optional(), waits: z.boolean().optional(), purpose }),
    response: preparedCallsSchema.extend({ spec: z.string(), specDigest: hex32Schema, specCid: z.string(), total: amountSchema }),
  },
  prepareReview: {
    method: 'POST', quiet: true, path: '/api/v1/orders/{orderId}/review', summary: 'The transaction with which the buyer of a completed order says what it was worth, or changes that, once; `digest` is the SHA-256 of the text, a document that was stored as a block before',
    params: orderParams, body: signer.extend({ rating: z.number().int().min(1).max(5), digest: hex32Schema.optional() }), response: preparedCallsSchema,
  },
  prepareVote: {
    method: 'POST', quiet: true, path: '/api/v1/proposals/{proposalId}/vote', summary: 'The transaction that casts a vote; `reason` is public',
    params: z.object({ proposalId: z.string().regex(/^\d{1,78}$/) }), body: signer.extend({ support: z.enum(['against', 'for', 'abstain']), reason: z.string().trim().max(1_000).optional() }), response: preparedCallsSchema,
  },
} as const satisfies Record<string, Route>;

export type MarketRouteName = keyof typeof marketRoutes;
