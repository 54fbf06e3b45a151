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
