import { z } from 'zod';
import type { Route } from './route.ts';
import { assetIdSchema, hex32Schema, hexSchema, secondsSchema } from './schemas.ts';
import { replyTextSchema, sellerReplySchema } from './sellerReply.ts';
import { hiddenSchema, ratingsSchema, reportReasons, reportSchema, reportTextSchema, subjectSchema } from './trustDto.ts';

const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });

/** What people say of assets, reviews and sellers, and what becomes of it. */
export const trustRoutes = {
  getRatings: {
    method: 'GET', path: '/api/v1/assets/{assetId}/ratings', summary: 'The rating of an asset from all of its reviews, with the weights',
    params: z.object({ assetId: assetIdSchema }), response: ratingsSchema,
  },
  replyToReview: {
    method: 'POST', path: '/api/v1/reviews/{orderId}/reply', summary: 'The answer of a seller to a review, signed by its wallet (EIP-712 SellerReply); a later one takes its place',
    params: z.object({ orderId: hex32Schema }), body: z.object({ text: replyTextSchema, signedAt: secondsSchema, signature: hexSchema }), response: sellerReplySchema,
  },
  report: {
    method: 'POST', path: '/api/v1/reports', summary: 'Tells the curators of this node about an asset or a review; ten a day, one at a time about the same', access: 'session',
    body: z.object({ subject: subjectSchema, reason: z.enum(reportReasons), evidence: reportTextSchema }), response: reportSchema,
  },
  listOwnReports: {
    method: 'GET', path: '/api/v1/reports/own', summary: 'What the user has reported, newest first', access: 'session',
    query: z.object({ cursor: z.coerce.number().int().nonnegative().optional(), limit: z.coerce.number().int().min(1).max(200).optional() }), response: list(reportSchema).extend({ next: z.number().int().optional() }),
  },
  listOwnHidden: { method: 'GET', path: '/api/v1/hidden/own', summary: 'What this node does not show of what belongs to the linked wallets', access: 'session', response: list(hiddenSchema) },
  appealHidden: {
    method: 'POST', path: '/api/v1/hidden/{subject}/appeal', summary: 'Whoever owns what is hidden asks the admins of this node, once', access: 'session',
    params: z.object({ subject: subjectSchema }), body: z.object({ text: reportTextSchema }), response: hiddenSchema,
  },
} as const satisfies Record<string, Route>;

export type TrustRouteName = keyof typeof trustRoutes;
