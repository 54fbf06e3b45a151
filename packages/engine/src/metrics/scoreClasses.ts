import { sharedKernels } from '../kernels/index.ts';
import { mostLikely } from '../model/mostLikely.ts';
import type { Pause } from '../run/pause.ts';
import { calibrate } from './calibrate.ts';
import { curvesOf } from './curves.ts';
import type { ClassCalibration, ClassCurves, Scored } from './metrics.ts';
import { averagePrecision, rocAuc, thresholdsOf } from './thresholds.ts';

/** More classes have no curves: they would fill receipts, and nobody reads so many. */
const MOST_CURVES = 10;

/** Class probabilities [rows, classes] and the class index of each row. */
type Outcome = { outputs: Float64Array; classes: string[]; actual: Float64Array; pause: Pause };

/** Scores of class probabilities by scikit-learn's definitions, rows unweighted. */
export async function scoreClasses({ outputs, classes, actual, pause }: Outcome): Promise<Scored> {
  const width = classes.length;
  const confusion = confusionOf(outputs, width, actual);
  const areas: { roc: number | null; pr: number | null }[] = [];
  const curves: ClassCurves[] = [];
  const calibration: ClassCalibration[] = [];
  for (const [place, name] of classes.entries()) {
    // Of two classes, the second one's ranking is the first one's read backwards.
    if (width === 2 && place === 0) continue;
    const thresholds = thresholdsOf({ outputs, width, actual, place });
    areas.push({ roc: rocAuc(thresholds), pr: averagePrecision(thresholds) });
    if (width <= MOST_CURVES) {
      const curve = curvesOf(name, thresholds);
      if (curve !== undefined) curves.push(curve);
      calibration.push(calibrate({ name, outputs, width, actual, place }));
    }
    await pause();
  }
  return {
    scores: {
      ...countedScores(confusion, actual.length),
      rocAuc: meanOrNull(areas.map(({ roc }) => roc)),
      prAuc: meanOrNull(areas.map(({ pr }) => pr)),
      ...probabilityScores(outputs, width, actual),
    },
    confusion, curves, calibration,
  };
}

function confusionOf(outputs: Float64Array, width: number, actual: Float64Array): number[][] {
  const confusion = Array.from({ length: width }, () => Array.from({ length: width }, () => 0));
  for (let row = 0; row < actual.length; row += 1) {
    const counts = confusion[actual[row] ?? 0] ?? [];
    const predicted = mostLikely(outputs, width, row);
    counts[predicted] = (counts[predicted] ?? 0) + 1;
  }
  return confusion;
}

/** Scores that need counts only. Classes without test rows count neither as recall nor, if never predicted, in F1. */
function countedScores(confusion: number[][], rows: number): { accuracy: number; balancedAccuracy: number; f1: number } {
  const recalls: number[] = [];
  const f1s: number[] = [];
  let right = 0;
  for (const [place, counts] of confusion.entries()) {
    const hits = counts[place] ?? 0;
    const own = counts.reduce((sum, count) => sum + count, 0);
    const predicted = confusion.reduce((sum, row) => sum + (row[place] ?? 0), 0);
    right += hits;
    if (own > 0) recalls.push(hits / own);
    if (own + predicted > 0) f1s.push((2 * hits) / (own + predicted));
  }
  return { accuracy: right / rows, balancedAccuracy: mean(recalls), f1: mean(f1s) };
}

function probabilityScores(outputs: Float64Array, width: number, actual: Float64Array): { logLoss: number; brier: number } {
  const { log } = sharedKernels();
  let loss = 0;
  let squares = 0;
  for (let row = 0; row < actual.length; row += 1) {
    const own = actual[row] ?? 0;
    const probability = outputs[row * width + own] ?? 0;
    // As scikit-learn's log_loss: certainties are moved by the smallest step of a double.
    loss -= log(Math.min(Math.max(probability, Number.EPSILON), 1 - Number.EPSILON));
    for (let place = width === 2 ? 1 : 0; place < width; place += 1) {
      const error = (outputs[row * width + place] ?? 0) - (place === own ? 1 : 0);
      squares += error * error;
    }
  }
  return { logLoss: loss / actual.length, brier: squares / actual.length };
}

function meanOrNull(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : mean(known);
}

function mean(values: number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
