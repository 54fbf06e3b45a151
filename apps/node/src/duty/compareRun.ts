import { firstDifference } from '@neurodata/engine';
import type { TrainResult } from '@neurodata/engine';
import { canonicalJson, sha256Hex } from '@neurodata/protocol';
import type { ReceiptBody } from '@neurodata/protocol';
import { runLogDigest } from './runLog.ts';

/** In what a receipt differs from a run that was made here, to the bit, as a sentence; undefined where in nothing. */
export function compareRun(body: ReceiptBody, result: TrainResult): string | undefined {
  if (body.engineId !== result.engineId) return `The receipt names engine ${body.engineId}, the run needs ${result.engineId}.`;
  const at = firstDifference(body.checkpointDigests, result.checkpoints.map(({ digest }) => digest));
  if (at !== undefined) return `Checkpoint ${at} is the first that differs from the re-execution.`;
  const pairs = [
    ['checkpointRoot', body.checkpointRoot, result.checkpointRoot], ['modelDigest', body.modelDigest, result.modelDigest], ['steps', body.steps, result.steps],
    ['converged', body.converged, result.converged], ['metrics', body.metrics, result.metrics], ['lossCurve', body.lossCurve, result.lossCurve], ['logDigest', body.logDigest, runLogDigest(result)],
  ] as const;
  const wrong = pairs.find(([, said, found]) => sha256Hex(canonicalJson(said)) !== sha256Hex(canonicalJson(found)));
  return wrong && `The receipt's ${wrong[0]} differs from the re-execution.`;
}
