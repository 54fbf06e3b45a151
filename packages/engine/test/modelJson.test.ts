import { expect, test } from 'vitest';
import { train } from '../src/index.ts';
import { modelToJson } from '../src/export/index.ts';
import { penguinsCsv, penguinsSpec, withoutGentoo } from './datasets.ts';

test('logistic regression for people: weights by the names of columns', async () => {
  const { model } = await train({ csv: penguinsCsv(), spec: penguinsSpec });
  const json = modelToJson(model);
  expect(json).toMatchObject({ format: 'neurodata-model', algorithm: 'logistic-regression', target: 'Species', classes: ['Adelie', 'Chinstrap', 'Gentoo'], columns: 11 });
  const scores = json.learned?.['scores'] as { of: string; intercept: number; weights: Record<string, number> }[];
  expect(scores.map(({ of }) => of)).toEqual(json.classes);
  expect(Object.keys(scores[0]?.weights ?? {})).toEqual(['Beak Length (mm)', 'Beak Depth (mm)', 'Flipper Length (mm)', 'Body Mass (g)', 'Island = Biscoe', 'Island = Dream', 'Island = Torgersen', 'Sex = .', 'Sex = FEMALE', 'Sex = MALE', 'Sex missing']);
  // What sets Gentoo apart is a long flipper; Adelie has the short beak.
  const weightOf = (species: number, column: string): number => scores[species]?.weights[column] ?? NaN;
  expect(weightOf(2, 'Flipper Length (mm)')).toBeGreaterThan(Math.max(weightOf(0, 'Flipper Length (mm)'), weightOf(1, 'Flipper Length (mm)')));
  expect(weightOf(0, 'Beak Length (mm)')).toBeLessThan(-1);
});

test('two classes have one score', async () => {
  const { model } = await train({ csv: withoutGentoo(), spec: penguinsSpec });
  expect(modelToJson(model).learned).toMatchObject({ scores: [{ of: 'Chinstrap' }] });
});
