import type { Prediction, TableProfile, TrainSpec } from '@neurodata/engine';
import type { Receipt } from '@neurodata/protocol';
import type { RunPart } from '@neurodata/sdk';
import type { ReexecutionProgress, EngineInput, Reexecution } from './engine.worker.ts';
import { runTask } from './task.ts';

type Options = { onProgress?: ((progress: ReexecutionProgress) => void) | undefined; signal?: AbortSignal | undefined };

function ask<Result>(input: EngineInput, options: Options = {}): Promise<Result> {
  const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name: 'engine' });
  return runTask<EngineInput, ReexecutionProgress, Result>({ worker, input, ...options });
}

/** Trains again from the receipt's spec, as far as the run went, and compares every checkpoint and the model. */
export const reexecute = (parameters: { csv: Uint8Array; spec: TrainSpec; claim: Receipt['body']; part: RunPart }, options?: Options): Promise<Reexecution> => ask({ task: 'reexecute', ...parameters }, options);

/** Applies a model to the rows of a table. */
export const predictRows = (parameters: { model: Uint8Array; csv: Uint8Array }): Promise<Prediction> => ask({ task: 'predict', ...parameters });

/** Counts rows and describes columns of a table. */
export const profileTable = (csv: Uint8Array): Promise<TableProfile> => ask({ task: 'profile', csv });
