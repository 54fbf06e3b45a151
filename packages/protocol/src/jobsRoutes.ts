import { z } from 'zod';
import { backgroundJobSchema, backgroundJobStates } from './jobsDto.ts';
import type { Route } from './route.ts';

const params = z.object({ jobId: z.uuid() });
const done = z.object({ done: z.literal(true) });

/** What a node does in the background, for its admins. */
export const jobsRoutes = {
  listBackgroundJobs: {
    method: 'GET', path: '/api/v1/admin/jobs', summary: 'Background jobs of this node, newest first; dead ones wait for a retry', access: 'session', role: 'admin',
    query: z.object({ state: z.enum(backgroundJobStates).optional(), name: z.string().max(100).optional(), cursor: z.coerce.number().int().nonnegative().optional(), limit: z.coerce.number().int().min(1).max(500).optional() }),
    response: z.object({ items: z.array(backgroundJobSchema), next: z.number().int().optional() }),
  },
  retryBackgroundJob: { method: 'POST', path: '/api/v1/admin/jobs/{jobId}/retry', summary: 'Puts a dead or cancelled job back to work', access: 'session', role: 'admin', params, response: done },
  cancelBackgroundJob: { method: 'POST', path: '/api/v1/admin/jobs/{jobId}/cancel', summary: 'Ends a job that waits', access: 'session', role: 'admin', params, response: done },
} as const satisfies Record<string, Route>;

export type JobsRouteName = keyof typeof jobsRoutes;
