import type { Handler } from './Handler.ts';

const done = { done: true } as const;

export const listBackgroundJobs: Handler<'listBackgroundJobs'> = async ({ jobs }, { query }) => ({ items: await jobs.list(query) });

export const retryBackgroundJob: Handler<'retryBackgroundJob'> = async ({ jobs }, { params }) => {
  await jobs.retry(params.jobId);
  return done;
};

export const cancelBackgroundJob: Handler<'cancelBackgroundJob'> = async ({ jobs }, { params }) => {
  await jobs.cancel(params.jobId);
  return done;
};
