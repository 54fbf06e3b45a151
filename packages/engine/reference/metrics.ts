import type { Metrics } from '../src/metrics/metrics.ts';
import type { TrainSpec } from '../src/spec/trainSpec.ts';
import { sum } from './features.ts';
import { log } from './math.ts';

/** A test row: its design, the model's outputs for it, and its class index or number. */
export type Tested = { row: number[]; outputs: number[]; actual: number };

/** The metrics of the test rows, by their definitions. */
export function scoreReference(parameters: { spec: TrainSpec; classes: string[]; trainRows: number; droppedRows: number; tests: Tested[] }): Metrics {
  const { spec, classes, trainRows, droppedRows, tests } = parameters;
  const base = { task: spec.task, trainRows, testRows: tests.length, droppedRows, classes };
  if (spec.task === 'regression') {
    return { ...base, scores: { rmse: Math.sqrt(sum(tests.map(({ outputs: [value = 0], actual }) => (value - actual) * (value - actual))) / tests.length) }, confusion: [] };
  }
  if (spec.task !== 'classification') return { ...base, scores: {}, confusion: [] };
  const predicted = tests.map(({ outputs }) => outputs.indexOf(Math.max(...outputs)));
  const right = tests.filter(({ actual }, index) => predicted[index] === actual).length;
  const losses = tests.map(({ outputs, actual }) => -log(Math.max(outputs[actual] ?? 0, Number.EPSILON)));
  const confusion = classes.map((_, actual) => classes.map((__, guess) => tests.filter((one, index) => one.actual === actual && predicted[index] === guess).length));
  return { ...base, scores: { accuracy: right / tests.length, logLoss: sum(losses) / tests.length }, confusion };
}
