import { recordAudit } from '../../audit/recordAudit.ts';
import { countedPage } from '../reads/pages.ts';
import type { Handler } from './Handler.ts';

const done = { done: true } as const;

/** Of the list without a limit. */
const many = 100;

/** Goes on after a count. */
export const listBackgroundJobs: Handler<'listBackgroundJobs'> = async ({ jobs }, { query: { limit = many, cursor = 0, ...filter } }) => countedPage(await jobs.list({ ...filter, limit: limit + 1, offset: cursor }), { cursor, limit });

export const retryBackgroundJob: Handler<'retryBackgroundJob'> = async ({ jobs }, { params, principal, door }) => {
  await jobs.retry(params.jobId, (tx, { name }) => recordAudit(tx, { actor: principal.userId, action: 'job retried', subject: `job:${params.jobId}`, details: { name }, requestId: door.requestId }));
  return done;
};

export const cancelBackgroundJob: Handler<'cancelBackgroundJob'> = async ({ jobs }, { params, principal, door }) => {
  await jobs.cancel(params.jobId, (tx, { name }) => recordAudit(tx, { actor: principal.userId, action: 'job cancelled', subject: `job:${params.jobId}`, details: { name }, requestId: door.requestId }));
  return done;
};
