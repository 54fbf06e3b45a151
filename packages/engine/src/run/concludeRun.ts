import { EngineError } from '../errors.ts';
import { type Digest, sha256Hex } from '../hash.ts';
import { engineId } from '../kernels/index.ts';
import { explain } from '../metrics/explanation/explain.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { openPredictor } from '../metrics/openPredictor.ts';
import { scoreRun } from '../metrics/scoreRun.ts';
import { writeModel } from '../model/model.ts';
import type { Prepared } from '../prepare/problem.ts';
import type { Course } from './course.ts';
import type { Pause } from './pause.ts';
import { prepareFit } from './selection/prepareFit.ts';
import { selectionResults } from './selection/selectionResults.ts';

/**
 * The model where a run stands, and its metrics. A run that was stopped before its last fit has the model of the fit
 * under way, scored on the test rows.
 *
 * @throws EngineError ABORTED
 */
export async function concludeRun({ prepared, course, pause }: { prepared: Prepared; course: Course; pause: Pause }): Promise<{ model: Uint8Array; modelDigest: Digest; metrics: Metrics }> {
  const { fit, trainer, ratings, scores } = course;
  if (scores.length < ratings.length) throw new EngineError('BAD_CHECKPOINT', 'The metrics of a run with search or validation follow from all of its fits: go through it from step 0.');
  const last = fit.purpose === 'model' ? course.prepared : prepareFit({ prepared, fit, parameters: course.prepared.problem.parameters, onTest: true });
  const { spec, features, classes } = last.problem;
  const { model, body } = writeAndFree(await trainer.body(), (own) => writeModel({ spec, features, classes, engineId, body: own }));
  const predictor = await openPredictor(last.problem, body, pause);
  const scored = await scoreRun({ problem: last.problem, predictor, body, droppedRows: prepared.droppedRows, pause });
  const explanation = await explain({ prepared: last, predictor, body, pause });
  return { model, modelDigest: sha256Hex(model), metrics: { ...scored, ...(explanation === undefined ? {} : { explanation }), ...selectionResults({ spec, course }) } };
}

/** A model, and its body as it lies in it. The one that was given is freed: a model that holds rows must not be there twice while its tree is built. */
function writeAndFree(own: Uint8Array, write: (body: Uint8Array) => Uint8Array): { model: Uint8Array; body: Uint8Array } {
  const model = write(own);
  const body = model.subarray(model.length - own.length);
  const { buffer } = own;
  // Node 20 has no `transfer`: there it is left to the garbage collector.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === own.length && 'transfer' in buffer) buffer.transfer(0);
  return { model, body };
}
