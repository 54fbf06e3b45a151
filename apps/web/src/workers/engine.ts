import type { ModelInfo, TrainSpec } from '@neurodata/engine';
import type { Receipt } from '@neurodata/protocol';
import type { RunPart } from '@neurodata/sdk';
import type { EngineInput, Predicted, ReadingProgress, Reexecution, ReexecutionProgress } from './engine.worker.ts';
import type { DescribedFile } from './fileContent.ts';
import { runTask } from './task.ts';

type Options<Progress> = { onProgress?: ((progress: Progress) => void) | undefined; signal?: AbortSignal | undefined };

function ask<Progress, Result>(input: EngineInput, options: Options<Progress> = {}): Promise<Result> {
  const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name: 'engine' });
  return runTask<EngineInput, Progress, Result>({ worker, input, ...options });
}

/** Trains again from the receipt's spec, as far as the run went, and compares every checkpoint and the model. */
export const reexecute = (parameters: { rows: Blob; spec: TrainSpec; claim: Receipt['body']; rounded: boolean; part: RunPart }, options?: Options<ReexecutionProgress>): Promise<Reexecution> =>
  ask({ task: 'reexecute', ...parameters }, options);

/** Applies a model to the rows of a table. */
export const predictRows = (parameters: { model: Blob; table: Blob }): Promise<Predicted> => ask({ task: 'predict', ...parameters });

/** What a model is and needs. */
export const readModel = (model: Blob): Promise<ModelInfo> => ask({ task: 'readModel', model });

/** Counts rows and describes columns of a table, and hashes it. */
export const profileTable = (table: Blob, options?: Options<ReadingProgress>): Promise<DescribedFile> => ask({ task: 'profile', table }, options);
