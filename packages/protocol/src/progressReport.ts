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
