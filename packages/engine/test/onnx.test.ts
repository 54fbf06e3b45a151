import { expect, test } from 'vitest';
import { train } from '../src/index.ts';
import { compareOnnx } from './onnxRun.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec, withoutGentoo } from './datasets.ts';
import { bytesOf } from './spec.ts';

const strange = bytesOf('Beak Length (mm),Beak Depth (mm),Flipper Length (mm),Body Mass (g),Island,Sex\n40,18,200,4000,Atlantis,MALE\n,NA,,,NA,\n1e6,-3,0,1e-300,Biscoe,FEMALE\n');

test('logistic regression runs in onnxruntime as it does here', async () => {
  const cases = [[penguinsCsv(), penguinsSpec], [withoutGentoo(), penguinsSpec], [weatherCsv(), weatherSpec]] as const;
  for (const [csv, spec] of cases) {
    const { model } = await train({ csv, spec });
    const { otherLabels, furthest } = await compareOnnx(model, csv);
    expect(otherLabels).toBe(0);
    expect(furthest).toBeLessThan(1e-12);
    if (spec === penguinsSpec) expect(await compareOnnx(model, strange)).toMatchObject({ rows: 3, otherLabels: 0 });
  }
});

test('gradient boosting: two classes, more classes, numbers; missing cells and categories never seen', async () => {
  const features = penguinsSpec.features;
  const boosting = { ...penguinsSpec, algorithm: 'gradient-boosting', limits: { maxSteps: 100_000, maxBytes: 1 << 28 } };
  const specs = [
    { ...boosting, parameters: { max_iter: 30 } },
    { ...boosting, target: 'Body Mass (g)', task: 'regression' as const, features: features.filter(({ name }) => name !== 'Body Mass (g)'), parameters: { max_iter: 50 } },
  ];
  for (const csv of [penguinsCsv(), withoutGentoo()]) {
    for (const spec of specs) {
      const { model } = await train({ csv, spec });
      for (const rows of [penguinsCsv(), strange]) {
        const { otherLabels, furthest } = await compareOnnx(model, rows);
        expect({ otherLabels: spec.task === 'regression' ? 0 : otherLabels, near: furthest < 1e-12 }).toEqual({ otherLabels: 0, near: true });
      }
    }
  }
  const weather = await train({ csv: weatherCsv(), spec: { ...boosting, target: 'weather', features: weatherSpec.features, parameters: { max_iter: 20 } } });
  const compared = await compareOnnx(weather.model, weatherCsv());
  expect(compared).toMatchObject({ rows: 1461, otherLabels: 0 });
  expect(compared.furthest).toBeLessThan(1e-12);
});
