import { expect, test } from 'vitest';
import { predictionCsv } from './predictRows.ts';

test('predictions as CSV', () => {
  expect(predictionCsv({ task: 'classification', rows: 2, labels: ['a,b', 'c'], classes: ['a,b', 'c'], columns: ['p(a,b)', 'p(c)'], outputs: Float64Array.of(0.75, 0.25, 0.1, 0.9) })).toBe('prediction,"p(a,b)",p(c)\n"a,b",0.75,0.25\nc,0.1,0.9\n');
  expect(predictionCsv({ task: 'regression', rows: 1, labels: ['1.5'], classes: [], columns: ['prediction'], outputs: Float64Array.of(1.5) })).toBe('prediction\n1.5\n');
  expect(predictionCsv({ task: 'reduction', rows: 1, labels: [], classes: [], columns: ['component 1', 'component 2'], outputs: Float64Array.of(1, -2) })).toBe('component 1,component 2\n1,-2\n');
});
