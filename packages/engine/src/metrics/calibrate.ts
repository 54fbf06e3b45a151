import type { ClassCalibration } from './metrics.ts';
import { round } from './round.ts';

const BINS = 10;
// The edges of numpy's linspace(0, 1, 11), which scikit-learn's calibration_curve uses.
const EDGES = Array.from({ length: BINS - 1 }, (_, index) => (index + 1) * 0.1);

/** How often a class came about where a probability was predicted: scikit-learn's calibration_curve. A bin holds its upper edge. */
export function calibrate(parameters: { name: string; outputs: Float64Array; width: number; actual: Float64Array; place: number }): ClassCalibration {
  const { name, outputs, width, actual, place } = parameters;
  const bins = Array.from({ length: BINS }, () => ({ sum: 0, own: 0, rows: 0 }));
  for (let row = 0; row < actual.length; row += 1) {
    const value = outputs[row * width + place] ?? 0;
    const bin = bins[binOf(value)];
    if (bin === undefined) continue;
    bin.sum += value;
    bin.own += actual[row] === place ? 1 : 0;
    bin.rows += 1;
  }
  return { class: name, bins: bins.filter(({ rows }) => rows > 0).map(({ sum, own, rows }) => ({ predicted: round(sum / rows), observed: round(own / rows), rows })) };
}

function binOf(value: number): number {
  let bin = 0;
  while (bin < BINS - 1 && value > (EDGES[bin] ?? 1)) bin += 1;
  return bin;
}
