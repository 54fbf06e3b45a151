import type { EngineErrorCode, TrainProgress, TrainSpec } from '@neurodata/engine';

export type EngineTask =
  | { kind: 'train'; csv: Uint8Array; spec: TrainSpec }
  | { kind: 'profile'; csv: Uint8Array }
  | { kind: 'model'; model: Uint8Array };

export type EngineAnswer =
  | { type: 'progress'; progress: TrainProgress }
  | { type: 'result'; value: unknown }
  | { type: 'refused'; code: EngineErrorCode; message: string };
