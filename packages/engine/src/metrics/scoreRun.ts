import type { Predictor } from '../algorithms/algorithm.ts';
import type { Problem } from '../algorithms/algorithm.ts';
import type { Pause } from '../run/pause.ts';
import type { Metrics, Scored } from './metrics.ts';
import { predictRows } from './predictRows.ts';
import { scoreClasses } from './scoreClasses.ts';
import { scoreClusters } from './scoreClusters.ts';
import { scoreNumbers } from './scoreNumbers.ts';

/** Scores a fitted model on the problem's test rows. @throws EngineError ABORTED */
export async function scoreRun({ problem, predictor, body, droppedRows, pause }: { problem: Problem; predictor: Predictor; body: Uint8Array; droppedRows: number; pause: Pause }): Promise<Metrics> {
  const { spec, classes, trainRows, testRows } = problem;
  return { task: spec.task, trainRows, testRows, droppedRows, classes, ...(await scoreTask({ problem, predictor, body, pause })) };
}

async function scoreTask({ problem, predictor, body, pause }: { problem: Problem; predictor: Predictor; body: Uint8Array; pause: Pause }): Promise<Scored> {
  const { spec, classes, trainRows, targets } = problem;
  if (spec.task === 'reduction') return scoreComponents(predictor);
  const outputs = await predictRows({ problem, predictor, body, pause });
  const actual = targets.subarray(trainRows);
  switch (spec.task) {
    case 'classification':
      return scoreClasses({ outputs, classes, actual, pause });
    case 'regression':
      return scoreNumbers(outputs, actual);
    case 'clustering':
      return scoreClusters({ problem, predictor, outputs, pause });
  }
}

function scoreComponents({ explainedVarianceRatio }: Predictor): Scored {
  if (explainedVarianceRatio === undefined) return { scores: {}, confusion: [] };
  let sum = 0;
  for (const share of explainedVarianceRatio) sum += share;
  return { scores: { explainedVariance: sum }, confusion: [], explainedVarianceRatio: [...explainedVarianceRatio] };
}
