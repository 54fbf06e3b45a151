import type { EngineErrorCode, TrainProgress, TrainSpec } from '@neurodata/engine';

export type EngineTask =
  | { kind: 'train'; csv: Uint8Array; spec: TrainSpec; lastStep?: number }
  | { kind: 'profile'; csv: Uint8Array }
  | { kind: 'model'; model: Uint8Array };

/** Said to the thread: end the training with what there is. */
export const stopMessage = 'stop';

export type EngineAnswer =
  | { type: 'progress'; progress: TrainProgress }
  | { type: 'result'; value: unknown }
  | { type: 'refused'; code: EngineErrorCode; message: string };
