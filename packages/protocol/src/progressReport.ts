import type { Hex } from 'viem';
import { z } from 'zod';
import { canonicalJson, sha256Hex } from './bytes.ts';
import { progressSchema } from './dto.ts';
import type { Progress } from './dto.ts';
import { hexSchema } from './schemas.ts';

const MAX_CURVE_POINTS = 1_000;
const MAX_MESSAGE = 2_000;

/** How far a job has come, in the word of its worker: signed, so that any gateway can take it from anybody. */
export const progressReportSchema = z.object({
  progress: progressSchema.extend({ lossCurve: z.array(z.number()).max(MAX_CURVE_POINTS), message: z.string().max(MAX_MESSAGE).optional() }),
  signature: hexSchema,
});

/** EIP-712 types under which a worker signs how far a job has come. */
export const progressReportTypes = {
  ProgressReport: [
    { name: 'jobId', type: 'bytes32' },
    { name: 'progressDigest', type: 'bytes32' },
  ],
} as const;

/** The EIP-712 message of a report. */
export function progressReportMessage(jobId: Hex, progress: Progress): { jobId: Hex; progressDigest: Hex } {
  return { jobId, progressDigest: sha256Hex(canonicalJson(progress)) };
}

/** What a worker says of a run in words that are the same for every run. */
export const runNews = {
  appealed: 'Validators found another result. The worker found its own again and has appealed.',
  slashed: 'Validators found another result; the money went back to the buyer.',
  refunded: 'The run was not confirmed in time; the money went back to the buyer.',
  trialFailed: "This trial run failed. Its worker does not tell why: only rounded metrics come out of a trial. The money returns to the buyer when the run's time is over.",
} as const;

const LONGEST_SECONDS = 7 * 86_400;

/**
 * What of a report is told of a trial run, from which only rounded metrics may come: the stage, whole steps, whole seconds left, and news that is the same for every
 * run. No losses, and no words of the worker's own: the reason of a failure may name what stands in the rows.
 */
export function trialProgress({ stage, step, maxSteps, secondsLeft, message, updatedAt }: Progress): Progress {
  const news: readonly string[] = Object.values(runNews);
  const told = message !== undefined && news.includes(message) ? message : stage === 'failed' ? runNews.trialFailed : undefined;
  return {
    stage, maxSteps, step: Math.max(0, Math.min(step, maxSteps)), lossCurve: [], updatedAt,
    ...(secondsLeft === undefined ? {} : { secondsLeft: Math.min(Math.ceil(secondsLeft), LONGEST_SECONDS) }), ...(told === undefined ? {} : { message: told }),
  };
}
