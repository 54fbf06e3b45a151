import type { Predictor, Problem } from '../algorithms/algorithm.ts';
import { openKernels } from '../kernels/index.ts';
import type { Pause } from '../run/pause.ts';

/** The model of a fitted body, ready for the problem's rows, in an instance of its own. @throws EngineError ABORTED */
export async function openPredictor({ algorithm, spec, classes, width, parameters }: Problem, body: Uint8Array, pause: Pause): Promise<Predictor> {
  const shape = { width, classes, task: spec.task, parameters };
  const kernels = await openKernels();
  return algorithm.open === undefined ? algorithm.read(body, shape, kernels) : algorithm.open(body, shape, kernels, pause);
}
