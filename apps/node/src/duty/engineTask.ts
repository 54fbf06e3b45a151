import type { Checkpoint, EngineErrorCode, MeteredProgress, TrainProgress, TrainSpec } from '@neurodata/engine';

export type EngineTask =
  | { kind: 'train'; csv: Uint8Array; spec: TrainSpec; threads: number; lastStep?: number; resume?: readonly Checkpoint[] }
  | { kind: 'replay'; csv: Uint8Array; spec: TrainSpec; states: readonly Uint8Array[]; steps: number }
  | { kind: 'model'; model: Uint8Array };

/** How far a run is; the thinned curve and the time left are for those who watch. */
export type RunProgress = TrainProgress & Partial<Pick<MeteredProgress, 'lossCurve' | 'secondsLeft'>>;

/** Said to the thread: end the training with what there is. */
export const stopMessage = 'stop';
/** Asked of the thread: the run's checkpoints from a place on, so far. */
export type CheckpointRequest = { checkpointsFrom: number };

export type EngineAnswer =
  | { type: 'progress'; progress: RunProgress }
  | { type: 'checkpoints'; checkpoints: Checkpoint[] }
  | { type: 'result'; value: unknown }
  | { type: 'refused'; code: EngineErrorCode; message: string };
