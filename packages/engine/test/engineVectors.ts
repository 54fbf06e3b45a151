import { type Metrics, type TrainSpecInput, engineId, train } from '../src/index.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';

export type EngineVector = {
  spec: TrainSpecInput;
  tableDigest: string;
  steps: number;
  checkpointDigests: string[];
  checkpointRoot: string;
  modelDigest: string;
  scores: Metrics['scores'];
};

/** The golden values of `vectors/engine.json`. */
export async function engineVectors(): Promise<{ engineId: string; penguins: EngineVector; seattleWeather: EngineVector }> {
  return {
    engineId,
    penguins: await vector(penguinsCsv(), penguinsSpec),
    seattleWeather: await vector(weatherCsv(), weatherSpec),
  };
}

async function vector(csv: Uint8Array, spec: TrainSpecInput): Promise<EngineVector> {
  const { tableDigest, steps, checkpoints, checkpointRoot, modelDigest, metrics } = await train({ csv, spec });
  const checkpointDigests = checkpoints.map(({ digest }) => digest);
  return { spec, tableDigest, steps, checkpointDigests, checkpointRoot, modelDigest, scores: metrics.scores };
}
