import { z } from 'zod';
import { secondsSchema } from './schemas.ts';

/** `dead`: failed as often as it may; it waits for an admin. */
export const backgroundJobStates = ['waiting', 'retrying', 'running', 'done', 'cancelled', 'dead'] as const;
export type BackgroundJobState = (typeof backgroundJobStates)[number];

/** Work that a node does by itself: mails, clean-up, checks. What it carries is not told. */
export const backgroundJobSchema = z.object({
  jobId: z.uuid(),
  name: z.string(),
  state: z.enum(backgroundJobStates),
  retries: z.number().int().nonnegative(),
  retryLimit: z.number().int().nonnegative(),
  createdAt: secondsSchema,
  dueAt: secondsSchema,
  startedAt: secondsSchema.optional(),
  endedAt: secondsSchema.optional(),
  /** Why the last try failed. */
  error: z.string().optional(),
  /** What a finished one found. */
  result: z.unknown().optional(),
});
export type BackgroundJob = z.infer<typeof backgroundJobSchema>;
