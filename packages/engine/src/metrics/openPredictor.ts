import type { Predictor, Problem } from '../algorithms/algorithm.ts';
import { openKernels } from '../kernels/index.ts';

/** The model of a fitted body, ready for the problem's rows, in an instance of its own. */
export async function openPredictor({ algorithm, spec, classes, width, parameters }: Problem, body: Uint8Array): Promise<Predictor> {
  return algorithm.read(body, { width, classes, task: spec.task, parameters }, await openKernels());
}
