import type { Canary, Progress } from '@neurodata/protocol';
import type { NeuroClient } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import type { Log } from '../common/logger.ts';
import type { Contracts } from '../duty/contracts.ts';
import type { Train } from '../duty/runInThread.ts';
import type { RunFiles } from '../duty/runFiles.ts';

/** Where a job's progress is shown. A convenience: a write that fails holds nothing up. */
export type ProgressStore = { write(jobId: Hex, progress: Progress): Promise<void> };

/** Where canaries outlive the process. `save` resolves once they do. */
export type CanaryStore = { save(canary: Canary): Promise<void>; find(jobId: Hex): Promise<Canary | undefined>; /** Jobs of which there is one. */ list(): Promise<Hex[]>; remove(jobId: Hex): Promise<void> };

/** Receipts that are wrong on purpose, to try the validators: a part of all runs, 0 to 1. */
export type Canaries = { rate: number; store: CanaryStore };

/** What the parts of a worker share. */
export type WorkerSetup = {
  client: NeuroClient;
  contracts: Contracts;
  account: Address;
  progress: ProgressStore;
  train: Train;
  /** Of the engine. */
  threads: number;
  /** That may be used in all. */
  cores: number;
  /** None are made where absent. */
  canaries?: Canaries;
  /** What a run leaves on this machine, taken away once it is over; where absent it stays. */
  files?: RunFiles;
  log: Log;
};
