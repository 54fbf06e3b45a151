import { z } from 'zod';
import { adminReportSchema, auditItemSchema, disputesOverviewSchema, parameterContracts, projectionSchema, queueItemSchema } from './adminDto.ts';
import { preparedCallSchema } from './preparedCall.ts';
import type { Route } from './route.ts';
import { assetIdSchema, secondsSchema } from './schemas.ts';
import { decisionSchema, hiddenSchema, reportStates, subjectSchema } from './trustDto.ts';

const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.number().int().optional() });
const pageQuery = { cursor: z.coerce.number().int().nonnegative().optional(), limit: z.coerce.number().int().min(1).max(100).optional() };
const done = z.object({ done: z.literal(true) });

/** Of the audit log; also those of its CSV. */
export const auditFilters = {
  actor: z.string().max(100).optional(), action: z.string().max(100).optional(), subject: z.string().max(200).optional(),
  from: z.coerce.number().pipe(secondsSchema).optional(), to: z.coerce.number().pipe(secondsSchema).optional(),
};

/** What curators, support and admins of a node do beside users' affairs. Each writes its line into the audit log. */
export const adminRoutes = {
  listCurationQueue: {
    method: 'GET', path: '/api/v1/admin/curation', summary: 'Assets that wait for a curator: reported, or not yet reviewed; reported ones first, `next` goes on', access: 'session', role: 'curator',
    query: z.object(pageQuery), response: page(queueItemSchema),
  },
  prepareCuration: {
    method: 'POST', path: '/api/v1/admin/curation/{assetId}/prepare', summary: 'The transaction with which a curator approves, suspends or reinstates an asset on chain; open reports about it are upheld once the chain shows that it is suspended', access: 'session', role: 'curator',
    params: z.object({ assetId: assetIdSchema }), body: z.object({ action: z.enum(['approve', 'suspend', 'reinstate']), reason: decisionSchema }), response: preparedCallSchema,
  },
  listReports: {
    method: 'GET', path: '/api/v1/admin/reports', summary: 'Reports, newest first', access: 'session', role: 'curator',
    query: z.object({ ...pageQuery, state: z.enum(reportStates).optional(), subject: subjectSchema.optional() }), response: page(adminReportSchema),
  },
  dismissReport: {
    method: 'POST', path: '/api/v1/admin/reports/{reportId}/dismiss', summary: 'Nothing is done about a report, and why', access: 'session', role: 'curator',
    params: z.object({ reportId: z.uuid() }), body: z.object({ reason: decisionSchema }), response: adminReportSchema,
  },
  listHidden: {
    method: 'GET', path: '/api/v1/admin/hidden', summary: 'What this node does not show, newest first; open appeals only where `appeal` is open', access: 'session', role: 'curator',
    query: z.object({ ...pageQuery, appeal: z.literal('open').optional() }), response: page(hiddenSchema),
  },
  hideSubject: {
    method: 'POST', path: '/api/v1/admin/hidden', summary: 'Shows an asset in no list of this node any more, or the text of a review not at all; upholds the open reports and tells the owner', access: 'session', role: 'curator',
    body: z.object({ subject: subjectSchema, reason: decisionSchema }), response: hiddenSchema,
  },
  showSubject: {
    method: 'POST', path: '/api/v1/admin/hidden/{subject}/show', summary: 'Shows it again', access: 'session', role: 'curator',
    params: z.object({ subject: subjectSchema }), body: z.object({ reason: decisionSchema }), response: done,
  },
  decideAppeal: {
    method: 'POST', path: '/api/v1/admin/hidden/{subject}/decide', summary: 'An admin grants or refuses the appeal of an owner; granted, it is shown again', access: 'session', role: 'admin',
    params: z.object({ subject: subjectSchema }), body: z.object({ granted: z.boolean(), reason: decisionSchema }), response: done,
  },
  listAudit: {
    method: 'GET', path: '/api/v1/admin/audit', summary: 'What was done in the name of a role, newest first; the same at audit.csv', access: 'session', role: 'admin',
    query: z.object({ ...pageQuery, ...auditFilters }), response: page(auditItemSchema),
  },
  getDisputesOverview: { method: 'GET', path: '/api/v1/admin/disputes', summary: 'What is disputed now, and how disputes ended', access: 'session', role: 'support', response: disputesOverviewSchema },
  prepareParameters: {
    method: 'POST', path: '/api/v1/admin/governance/prepare', summary: 'The transaction that proposes to governance other parameters of a contract, such as the fee: those that are not named stay as they are; it is tried on chain first', access: 'session', role: 'admin',
    body: z.object({ contract: z.enum(parameterContracts), parameters: z.record(z.string().max(64), z.union([z.string().max(80), z.number().int(), z.boolean()])), description: z.string().trim().min(3).max(2_000) }),
    response: preparedCallSchema,
  },
  getProjection: { method: 'GET', path: '/api/v1/admin/projection', summary: 'How far the rows that are made from the chain have come', access: 'session', role: 'admin', response: projectionSchema },
  resetNode: {
    method: 'POST', path: '/api/v1/admin/reset', summary: 'For development, on the embedded chain only: forgets all users but the caller, what anybody said, listed and was told, and what waits in the background. The caller\'s account stays, and so do the chain with its rows and the audit log', access: 'session', role: 'admin',
    body: z.object({ phrase: z.string().max(100) }), response: done,
  },
} as const satisfies Record<string, Route>;

export type AdminRouteName = keyof typeof adminRoutes;
