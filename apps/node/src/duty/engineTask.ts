import type { AuditReport, Checkpoint, EngineErrorCode, MeteredProgress, RunClaim, SegmentsReport, TrainProgress, TrainSpec } from '@neurodata/engine';

/** A run's claim, with the states that its worker kept. `draw`: the seed of the segments to look at, with the run's end; or some segments alone. */
export type AuditTask = {
  csv: Uint8Array; spec: TrainSpec; threads: number;
  claim: Omit<RunClaim, 'stateAt'>; states: { step: number; state: Uint8Array }[];
  draw: { seed: `0x${string}` } | { segments: number[] };
};
/** `run` where the run's end was looked at, too. */
export type Audited = { maxSteps: number; chain: boolean; run?: AuditReport; segments?: SegmentsReport };

export type EngineTask =
  | { kind: 'train'; csv: Uint8Array; spec: TrainSpec; threads: number; lastStep?: number; resume?: readonly Checkpoint[]; traced?: boolean }
  | { kind: 'replay'; csv: Uint8Array; spec: TrainSpec; states: readonly Uint8Array[]; steps: number }
  | ({ kind: 'audit' } & AuditTask)
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
