import { expect, test } from 'vitest';
import { predictionCsv } from './predictRows.ts';

test('predictions as CSV', () => {
  expect(predictionCsv({ labels: ['a,b', 'c'], classes: ['a,b', 'c'], probabilities: [[0.75, 0.25], [0.1, 0.9]] })).toBe('prediction,"p(a,b)",p(c)\n"a,b",0.75,0.25\nc,0.1,0.9\n');
});
