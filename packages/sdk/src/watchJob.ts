import { type JobDto, type JobState, NeuroError } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { poll } from './poll.ts';

export type WatchJobParameters = { client: NeuroClient; jobId: Hex; onChange?: (job: JobDto) => void; timeoutMs?: number; intervalMs?: number; signal?: AbortSignal };

const final: ReadonlySet<JobState> = new Set(['settled', 'slashed', 'refunded']);
/** A job that was just opened may not be indexed yet. */
const INDEX_GRACE_MS = 30_000;

/** What a follower wants to hear about. */
function markOf({ state, worker, progress, round, challenges }: JobDto): string {
  const members = round?.committee.map(({ committed, verdict }) => [committed, verdict]);
  return JSON.stringify([state, worker, progress?.stage, progress?.step, progress?.message, members, challenges.map(({ stage, low, high }) => [stage, low, high])]);
}

/** Follows a job until it is settled, slashed or refunded; tells every change of state or progress. Throws `TIMEOUT`, `NOT_FOUND`. */
export async function watchJob(parameters: WatchJobParameters): Promise<JobDto> {
  const { client, jobId, onChange, timeoutMs = 900_000, intervalMs = 500, signal } = parameters;
  const started = performance.now();
  let last = '';
  return poll({
    timeoutMs, intervalMs, ...(signal ? { signal } : {}), what: `Job ${jobId} to end`, remedy: 'Follow it again: it goes on without you.',
    ask: async () => {
      const job = await client.api.getJob({ jobId }, signal ? { signal } : {}).catch((error: unknown) => {
        if (error instanceof NeuroError && error.code === 'NOT_FOUND' && performance.now() - started < INDEX_GRACE_MS) return undefined;
        throw error;
      });
      if (job === undefined) return undefined;
      const mark = markOf(job);
      if (mark !== last) onChange?.(job);
      last = mark;
      return final.has(job.state) ? job : undefined;
    },
  });
}
