import type { TableProfile, TrainSpec } from '@neurodata/engine';
import type { Receipt } from '@neurodata/protocol';
import type { RunPart } from '@neurodata/sdk';
import type { EngineInput, Predicted, Reexecution, ReexecutionProgress } from './engine.worker.ts';
import { runTask } from './task.ts';

type Options = { onProgress?: ((progress: ReexecutionProgress) => void) | undefined; signal?: AbortSignal | undefined };

function ask<Result>(input: EngineInput, options: Options & { transfer?: Transferable[] } = {}): Promise<Result> {
  const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name: 'engine' });
  return runTask<EngineInput, ReexecutionProgress, Result>({ worker, input, ...options });
}

/** Trains again from the receipt's spec, as far as the run went, and compares every checkpoint and the model. Rows that are bytes are moved to the worker: they are empty here afterwards. */
export const reexecute = (parameters: { rows: Blob | Uint8Array<ArrayBuffer>; spec: TrainSpec; claim: Receipt['body']; part: RunPart }, options?: Options): Promise<Reexecution> =>
  ask({ task: 'reexecute', ...parameters }, { ...options, ...(parameters.rows instanceof Blob ? {} : { transfer: [parameters.rows.buffer] }) });

/** Applies a model to the rows of a table. */
export const predictRows = (parameters: { model: Uint8Array; table: Blob }): Promise<Predicted> => ask({ task: 'predict', ...parameters });

/** Counts rows and describes columns of a table. */
export const profileTable = (table: Blob): Promise<TableProfile> => ask({ task: 'profile', table });
