import type { EngineErrorCode, TrainProgress, TrainSpec } from '@neurodata/engine';

export type EngineTask =
  | { kind: 'train'; csv: Uint8Array; spec: TrainSpec; threads: number; lastStep?: number }
  | { kind: 'profile'; csv: Uint8Array }
  | { kind: 'model'; model: Uint8Array };

/** How far a run is. `lossCurve`: from its start to `step`, at most 200 points, evenly between. */
export type RunProgress = TrainProgress & { lossCurve?: number[] };

/** Said to the thread: end the training with what there is. */
export const stopMessage = 'stop';

export type EngineAnswer =
  | { type: 'progress'; progress: RunProgress }
  | { type: 'result'; value: unknown }
  | { type: 'refused'; code: EngineErrorCode; message: string };
