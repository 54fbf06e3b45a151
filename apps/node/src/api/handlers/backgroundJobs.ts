import { recordAudit } from '../../audit/recordAudit.ts';
import type { Handler } from './Handler.ts';

const done = { done: true } as const;

export const listBackgroundJobs: Handler<'listBackgroundJobs'> = async ({ jobs }, { query }) => ({ items: await jobs.list(query) });

export const retryBackgroundJob: Handler<'retryBackgroundJob'> = async ({ jobs }, { params, principal, door }) => {
  await jobs.retry(params.jobId, (tx, { name }) => recordAudit(tx, { actor: principal.userId, action: 'job retried', subject: `job:${params.jobId}`, details: { name }, requestId: door.requestId }));
  return done;
};

export const cancelBackgroundJob: Handler<'cancelBackgroundJob'> = async ({ jobs }, { params, principal, door }) => {
  await jobs.cancel(params.jobId, (tx, { name }) => recordAudit(tx, { actor: principal.userId, action: 'job cancelled', subject: `job:${params.jobId}`, details: { name }, requestId: door.requestId }));
  return done;
};
