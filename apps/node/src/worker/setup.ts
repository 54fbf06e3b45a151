import type { Progress } from '@neurodata/protocol';
import type { NeuroClient } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import type { Log } from '../common/logger.ts';
import type { Contracts } from '../duty/contracts.ts';
import type { Train } from '../duty/runInThread.ts';

/** Where a job's progress is shown. A convenience: a write that fails holds nothing up. */
export type ProgressStore = { write(jobId: Hex, progress: Progress): Promise<void> };

/** What the parts of a worker share. */
export type WorkerSetup = {
  client: NeuroClient;
  contracts: Contracts;
  account: Address;
  progress: ProgressStore;
  train: Train;
  log: Log;
};
