import type { ClassCurves, CurvePoint } from './metrics.ts';
import { round } from './round.ts';
import type { Thresholds } from './thresholds.ts';

const STEPS = 100;

/** ROC and precision-recall curve of a class, thinned; undefined unless there are rows of the class and of others. */
export function curvesOf(name: string, { positives, negatives, truePositives, falsePositives }: Thresholds): ClassCurves | undefined {
  if (positives === 0 || negatives === 0) return undefined;
  const roc: CurvePoint[] = [[0, 0]];
  const precisionRecall: CurvePoint[] = [];
  // A point for each hundredth that the sum of both rates, or the recall, has passed: steep parts keep their points.
  let rocStep = 1;
  let recallStep = 0;
  for (let index = 0; index < truePositives.length; index += 1) {
    const found = truePositives[index] ?? 0;
    const wrong = falsePositives[index] ?? 0;
    const progress = (found / positives + wrong / negatives) / 2;
    if (progress * STEPS >= rocStep) {
      roc.push([round(wrong / negatives), round(found / positives)]);
      rocStep = Math.floor(progress * STEPS) + 1;
    }
    const recall = found / positives;
    if (found > 0 && recall * STEPS >= recallStep) {
      precisionRecall.push([round(recall), round(found / (found + wrong))]);
      recallStep = Math.floor(recall * STEPS) + 1;
    }
  }
  return { class: name, roc, precisionRecall };
}
