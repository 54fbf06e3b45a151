import { jobStates } from '@neurodata/protocol';
import type { JobState } from '@neurodata/protocol';
import type { NeuroClient } from '@neurodata/sdk';
import type { Hex } from 'viem';
import type { Log } from '../common/logger.ts';
import type { Contracts } from './contracts.ts';

/** Files of runs, by the run. */
export type FilesOfRuns = { list(): Promise<Hex[]>; remove(jobId: Hex): Promise<unknown> };

/** Nothing can be asked, challenged or taken over any more: these states are reached after the challenge window, and never left. */
const over = new Set<JobState | undefined>(['settled', 'slashed', 'refunded']);

/** Whether a run is over in a block that no reorganisation takes back. */
export async function isRunOver({ client, contracts }: { client: Pick<NeuroClient, 'publicClient'>; contracts: Contracts }, jobId: Hex): Promise<boolean> {
  const { state } = await client.publicClient.readContract({ ...contracts.training, functionName: 'job', args: [jobId], blockTag: 'finalized' });
  return over.has(jobStates[state]);
}

/** Takes away what is kept for runs that are over. A run that cannot be asked about keeps its files until the next time. */
export async function removeRunFiles(parameters: { setup: { client: Pick<NeuroClient, 'publicClient'>; contracts: Contracts; log: Log }; files: FilesOfRuns[]; signal: AbortSignal }): Promise<void> {
  const { setup, files, signal } = parameters;
  for (const kept of files) {
    for (const jobId of await kept.list()) {
      if (signal.aborted) return;
      try {
        if (!(await isRunOver(setup, jobId))) continue;
        await kept.remove(jobId);
        setup.log.info({ jobId }, 'took away the files of a run that is over');
      } catch (error) {
        setup.log.warn({ err: error, jobId }, 'the files of a run stay for now');
      }
    }
  }
}
