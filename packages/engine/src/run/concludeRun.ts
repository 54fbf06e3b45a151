import type { Trainer } from '../algorithms/algorithm.ts';
import { type Digest, sha256Hex } from '../hash.ts';
import { engineId } from '../kernels/index.ts';
import { explain } from '../metrics/explanation/explain.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { scoreRun } from '../metrics/scoreRun.ts';
import { writeModel } from '../model/model.ts';
import type { Prepared } from '../prepare/problem.ts';
import type { Pause } from './pause.ts';

/** The model where a trainer stands, and its metrics. @throws EngineError ABORTED */
export async function concludeRun({ prepared, trainer, pause }: { prepared: Prepared; trainer: Trainer; pause: Pause }): Promise<{ model: Uint8Array; modelDigest: Digest; metrics: Metrics }> {
  const { problem, droppedRows } = prepared;
  const { spec, features, classes } = problem;
  const body = trainer.body();
  const model = writeModel({ spec, features, classes, engineId, body });
  const scored = await scoreRun({ problem, body, droppedRows, pause });
  const explanation = await explain({ prepared, body, pause });
  return { model, modelDigest: sha256Hex(model), metrics: explanation === undefined ? scored : { ...scored, explanation } };
}
