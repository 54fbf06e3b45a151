import { z } from 'zod';
import { accessLogRequestSchema, accessesSchema, drillAnswerSchema, drillRequestSchema } from './custody.ts';
import { shareAnswerSchema, shareRequestSchema } from './keyRequest.ts';
import { noticesSchema } from './notice.ts';
import type { Route } from './route.ts';
import { purposeKeptSchema, purposesSchema, signedPurposeSchema } from './terms/purpose.ts';

const params = z.object({ validatorId: z.coerce.number().int().positive().max(65_535) });

/**
 * What a page asks of validators, whom a browser cannot call: the node carries it to the endpoint on chain, and the answer back. Requests and answers
 * are signed, or proofs, so the node can keep them back but change nothing. No answer is kept: `once`.
 */
export const relayRoutes = {
  relayDrill: {
    method: 'POST', path: '/api/v1/validators/{validatorId}/drills', summary: 'Carries a drill to a registered validator, and its proof back', once: true, quiet: true,
    params, body: drillRequestSchema, response: drillAnswerSchema,
  },
  relayAccesses: {
    method: 'POST', path: '/api/v1/validators/{validatorId}/accesses', summary: 'Carries an owner\'s signed question who asked for a key to a registered validator, and its signed answer back', once: true, quiet: true,
    params, body: accessLogRequestSchema, response: accessesSchema,
  },
  relayNotices: {
    method: 'POST', path: '/api/v1/validators/{validatorId}/notices', summary: 'Carries an owner\'s signed question what a validator found in an asset to it, and its signed answer back', once: true, quiet: true,
    params, body: accessLogRequestSchema, response: noticesSchema,
  },
  relayPurpose: {
    method: 'POST', path: '/api/v1/validators/{validatorId}/purposes', summary: 'Carries a buyer\'s signed purpose to a registered validator, and back that it is kept', once: true, quiet: true,
    params, body: signedPurposeSchema, response: purposeKeptSchema,
  },
  relayPurposes: {
    method: 'POST', path: '/api/v1/validators/{validatorId}/purposes/list', summary: 'Carries an owner\'s signed question what buyers promised to a registered validator, and its signed answer back', once: true, quiet: true,
    params, body: accessLogRequestSchema, response: purposesSchema,
  },
  relayShare: {
    method: 'POST', path: '/api/v1/validators/{validatorId}/shares', summary: 'Carries a signed request for a key share to a registered validator, and back the share, which only the asker can open', once: true, quiet: true,
    params, body: shareRequestSchema, response: shareAnswerSchema,
  },
} as const satisfies Record<string, Route>;

export type RelayRouteName = keyof typeof relayRoutes;
