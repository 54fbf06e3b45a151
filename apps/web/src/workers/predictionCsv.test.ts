import type { Prediction } from '@neurodata/engine';
import { expect, test } from 'vitest';
import { predictionCsv } from './predictionCsv.ts';

const text = (prediction: Partial<Prediction>): string => new TextDecoder().decode(predictionCsv(prediction as Prediction));

test('labels and outputs stand in rows, and a cell that would divide them is quoted', () => {
  expect(text({ rows: 2, labels: ['a "b", c', 'plain'], columns: ['P(a)', 'x,y'], outputs: new Float64Array([0.25, 1, -0, 2]) })).toBe('row,prediction,P(a),"x,y"\n1,"a ""b"", c",0.25,1\n2,plain,0,2');
});

test('without labels there is no column of them', () => {
  expect(text({ rows: 1, labels: [], columns: ['cluster'], outputs: new Float64Array([3]) })).toBe('row,cluster\n1,3');
});
