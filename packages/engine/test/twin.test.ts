import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainReference } from '../reference/index.ts';
import { type ColumnSpec, EngineError, type TrainSpecInput, train } from '../src/index.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec, withoutGentoo } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

async function expectAgreement(csv: Uint8Array, spec: TrainSpecInput): Promise<void> {
  expect(trainReference({ csv, spec })).toEqual(await train({ csv, spec }));
}

test('the twin agrees on penguins', () => expectAgreement(penguinsCsv(), penguinsSpec));

test('the twin agrees on two classes', () => expectAgreement(withoutGentoo(), penguinsSpec));

test('the twin agrees on Seattle\'s weather', () => expectAgreement(weatherCsv(), weatherSpec));

const number = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constantFrom(0.1, 1e-300, 1e140, -1e-9),
).map(String);
const missing = fc.constantFrom('', 'NA');
const numberCell = fc.oneof({ weight: 6, arbitrary: number }, { weight: 1, arbitrary: missing });
const wordCell = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('red', 'green', 'blue', '"a ""b"", c"', 'ä', '0') }, { weight: 1, arbitrary: missing });
const targetCell = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('yes', 'no', 'maybe') }, { weight: 1, arbitrary: missing });
const table = fc.array(fc.tuple(targetCell, numberCell, wordCell, number, numberCell), { minLength: 6, maxLength: 40 });
const features: ColumnSpec[] = [
  { name: 'a', kind: 'numeric' },
  { name: 'b', kind: 'categorical' },
  { name: 'c', kind: 'numeric' },
  { name: 'd', kind: 'categorical' },
];

test('the twin agrees on random tables', async () => {
  let learned = 0;
  await fc.assert(
    fc.asyncProperty(table, fc.nat(), fc.constantFrom(1e-3, 1, 1e6), async (rows, seed, C) => {
      const csv = bytesOf(['y,a,b,c,d', ...rows.map((row) => row.join(','))].join('\r\n'));
      const spec = specOf('y', features, { split: { rule: 'hash-rank', seed, testFraction: 0.2 }, parameters: { C, max_iter: 20, tol: 1e-9 } });
      try {
        await train({ csv, spec });
      } catch (error) {
        expect(error).toBeInstanceOf(EngineError);
        expect(['ONE_CLASS', 'UNSEEN_CLASS', 'TOO_FEW_ROWS', 'NOT_FINITE']).toContain((error as EngineError).code);
        return;
      }
      learned += 1;
      await expectAgreement(csv, spec);
    }),
    { numRuns: 60, seed: 20_260_101 },
  );
  expect(learned).toBeGreaterThan(30);
});
