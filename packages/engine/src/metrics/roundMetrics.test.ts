import { expect, test } from 'vitest';
import type { Metrics } from './metrics.ts';
import { formatRounded } from './formatScore.ts';
import { roundMetrics, toldResult } from './roundMetrics.ts';

const metrics: Metrics = {
  task: 'classification', trainRows: 258, testRows: 86, droppedRows: 0, scores: { accuracy: 0.9651, logLoss: 0.012345, auc: null, r2: -12.5 },
  classes: ['Adelie', 'Gentoo'], confusion: [[40, 2], [1, 43]],
  curves: [{ class: 'Gentoo', roc: [[0, 0], [1, 1]], precisionRecall: [[0, 1]] }], calibration: [{ class: 'Gentoo', bins: [{ predicted: 0.1, observed: 0.2, rows: 5 }] }],
  validation: { folds: 3, scores: {}, byFold: {} },
};

test('two digits of each score and count, and nothing else', () => {
  expect(roundMetrics(metrics)).toEqual({
    task: 'classification', trainRows: 260, testRows: 86, droppedRows: 0, scores: { accuracy: 0.97, logLoss: 0.012, auc: null, r2: -13 }, classes: [], confusion: [],
  });
});

test('a rounded score is written with the digits that it has', () => {
  expect([formatRounded('accuracy', 0.97), formatRounded('accuracy', 0.007), formatRounded('logLoss', 0.012), formatRounded('auc', null)]).toEqual(['97 %', '0.7 %', '0.012', 'not defined for these rows']);
});

test('no score that tells of single rows', () => {
  expect(roundMetrics({ ...metrics, testRows: 19 }).scores).toEqual({ accuracy: null, logLoss: null, auc: null, r2: null });
  expect(roundMetrics({ ...metrics, testRows: 20 }).scores['accuracy']).toBe(0.97);
  expect(roundMetrics({ ...metrics, task: 'reduction', testRows: 0 }).scores['accuracy']).toBe(0.97);
});

test('of a whole run everything is told, of a trial no losses either', () => {
  const result = { metrics, lossCurve: [0.7, 0.2], steps: 1 };
  expect(toldResult(result, false)).toBe(result);
  expect(toldResult(result, true)).toEqual({ metrics: roundMetrics(metrics), lossCurve: [], steps: 1 });
});
