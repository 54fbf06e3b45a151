import type { Predictor } from '../../algorithms/algorithm.ts';
import { EngineError } from '../../errors.ts';
import { sharedKernels } from '../../kernels/index.ts';
import { featureWidth } from '../../prepare/fittedFeature.ts';
import type { Problem } from '../../algorithms/algorithm.ts';
import type { Pause } from '../../run/pause.ts';
import { pickRows } from '../pickRows.ts';

/** Work between two pauses. */
const WORK_A_CALL = 2 ** 22;

/** Rows of the test part on which a model is asked what it would say if some columns were others. */
export type Probe = {
  problem: Problem;
  rows: number;
  /** Their design, as it is. */
  design: Float64Array;
  actual: Float64Array;
  /** The outputs of a design of these rows. @throws EngineError NOT_FINITE where an output is no finite number */
  predict(design: Float64Array): Promise<Float64Array>;
};

export type ProbeSetup = { problem: Problem; predictor: Predictor; body: Uint8Array; pause: Pause };

/** A probe of at most `most` rows, or undefined where even `least` of them (or all there are) would take more than `mostWork`, in the unit of `Algorithm.predictionWork`, for so many designs. */
export function createProbe({ problem, predictor, body, pause }: ProbeSetup, { most, least, designs, mostWork }: { most: number; least: number; designs: number; mostWork: number }): Probe | undefined {
  const { width, trainRows, testRows, spec, targets } = problem;
  const work = predictionWork(problem, body);
  const affordable = Math.floor(mostWork / (work * designs));
  if (affordable < Math.min(least, testRows)) return undefined;
  const picked = pickRows({ kernels: sharedKernels(), rows: testRows, most: Math.min(most, affordable), seed: spec.split.seed }).map((row) => trainRows + row);
  const rows = picked.length;
  const stride = Math.max(1, Math.floor(WORK_A_CALL / work));
  return {
    problem, rows,
    design: problem.encodeAt(picked),
    actual: Float64Array.from(picked, (row) => targets[row] ?? 0),
    predict: async (design) => {
      const outputs = new Float64Array(rows * predictor.outputs);
      for (let first = 0; first < rows; first += stride) {
        const last = Math.min(rows, first + stride);
        outputs.set(predictor.predict(design.subarray(first * width, last * width), last - first), first * predictor.outputs);
        await pause();
      }
      if (outputs.every(Number.isFinite)) return outputs;
      throw new EngineError('NOT_FINITE', 'A row with the value of another one is too far from the training rows to be scored: correct what is unusual in the data.');
    },
  };
}

/** Multiplications or visits of nodes for a row; at least those of copying it. */
export function predictionWork(problem: Pick<Problem, 'algorithm' | 'width' | 'classes' | 'spec' | 'parameters'>, body: Uint8Array): number {
  const { algorithm, width, classes, spec, parameters } = problem;
  return width + (algorithm.predictionWork?.(body, { width, classes, task: spec.task, parameters }) ?? Math.ceil(body.length / 8));
}

/** The encoded columns [first, end) of each feature. */
export function columnsOf({ features }: Problem): { first: number; end: number }[] {
  let at = 0;
  return features.map((feature) => {
    const first = at;
    at += featureWidth(feature);
    return { first, end: at };
  });
}
