import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainReference } from '../reference/index.ts';
import { EngineError, type TrainSpecInput, replay, train } from '../src/index.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';
import { bodyDoubles } from '../src/model/body.ts';
import { parseModel } from '../src/model/model.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec, withoutGentoo } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

const variants: Record<string, TrainSpecInput['parameters']> = {
  'elastic net': { C: 0.1, l1_ratio: 0.5, tol: 1e-6 },
  'l1 alone': { C: 0.05, l1_ratio: 1, tol: 1e-6 },
  'balanced classes': { class_weight: 'balanced', tol: 1e-6 },
  'no intercept': { fit_intercept: false, tol: 1e-6 },
};

test.each(Object.entries(variants))('%s: the twin and all threads agree', async (_, parameters) => {
  for (const [csv, base] of [[penguinsCsv(), penguinsSpec], [withoutGentoo(), penguinsSpec], [weatherCsv(), weatherSpec]] as const) {
    const spec = { ...base, parameters: { ...parameters } };
    const result = await train({ csv, spec });
    expect(result.converged).toBe(true);
    expect(trainReference({ csv, spec })).toEqual(result);
    for (const threads of [2, 4]) expect(await train({ csv, spec, threads, startMember: startNodeMember })).toEqual(result);
  }
});

/** Two classes that lie across each other, with weights; enough rows for a sampled curvature. */
function largeCsv(rows: number): Uint8Array {
  const lines = Array.from({ length: rows }, (_, index) => {
    const a = Math.sin(index * 12.9898) * 3;
    const b = Math.sin(index * 78.233) * 3;
    const noise = Math.sin(index * 37.719) * 2;
    return `${a - b + noise > 0.5 ? 'yes' : 'no'},${a.toFixed(6)},${b.toFixed(6)},${index % 3}`;
  });
  return bytesOf(`y,a,b,w\n${lines.join('\n')}\n`);
}

const largeSpec = specOf('y', [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'numeric' }], { weight: 'w', parameters: { tol: 1e-9 }, limits: { maxSteps: 100, maxBytes: 1 << 28 } });

test('a sampled curvature: twin, threads, and every segment resumed', async () => {
  const csv = largeCsv(8_000);
  const result = await train({ csv, spec: largeSpec });
  expect(result.converged).toBe(true);
  expect(trainReference({ csv, spec: largeSpec })).toEqual(result);
  expect(await train({ csv, spec: largeSpec, threads: 3, startMember: startNodeMember })).toEqual(result);
  for (const [index, { state }] of result.checkpoints.slice(0, -1).entries()) {
    const found = await replay({ csv, spec: largeSpec, states: [state ?? new Uint8Array()], steps: 100, threads: 2, startMember: startNodeMember });
    expect(found).toEqual(result.checkpoints.slice(index + 1));
  }
});

test('a weight counts as so many equal rows', async () => {
  const csv = largeCsv(2_000);
  const [header = '', ...lines] = new TextDecoder().decode(csv).trim().split('\n');
  // The same test rows on both sides: repeated rows would be split anew, so the split's share is next to nothing.
  const repeated = bytesOf([header, ...lines.flatMap((line) => Array.from({ length: Number(line.split(',')[3]) }, () => line))].join('\n'));
  const spec: TrainSpecInput = { ...largeSpec, preprocess: { scale: 'none' }, split: { rule: 'hash-rank', seed: 1, testFraction: 0.001 } };
  const weightsOf = async (file: Uint8Array, changes: Partial<TrainSpecInput>): Promise<Float64Array> => bodyDoubles(parseModel((await train({ csv: file, spec: { ...spec, ...changes } })).model).body, 3);
  const weighted = await weightsOf(csv, {});
  const plain = await weightsOf(repeated, { weight: null });
  for (const [index, value] of weighted.entries()) expect(Math.abs(value - (plain[index] ?? 0))).toBeLessThan(0.02);
});

// LogisticRegression(C=0.05, l1_ratio=0.5, penalty='elasticnet', class_weight='balanced', solver='saga', tol=1e-13,
// max_iter=1000000) of scikit-learn 1.9.1 on the same train rows; intercepts first.
const SKLEARN_ELASTIC = [[0.1667173, -1.4208623, 0.231248], [-0.0042959, 0.3392969, 0.2403361], [-0.1624214, 0.0815654, -1.471584]];

test('elastic net with balanced classes: the weights of scikit-learn', async () => {
  const spec: TrainSpecInput = { ...penguinsSpec, features: penguinsSpec.features.slice(0, 2), parameters: { C: 0.05, l1_ratio: 0.5, class_weight: 'balanced', tol: 1e-10 } };
  const weights = bodyDoubles(parseModel((await train({ csv: penguinsCsv(), spec })).model).body, 9);
  expect(Math.max(...SKLEARN_ELASTIC.flat().map((value, index) => Math.abs(value - (weights[index] ?? 0))))).toBeLessThan(1e-6);
});

test('weights that add up to nothing are refused', async () => {
  const csv = bytesOf(`y,n,w\n${Array.from({ length: 20 }, (_, i) => `${i % 2},${i},0`).join('\n')}`);
  await expect(train({ csv, spec: specOf('y', [{ name: 'n', kind: 'numeric' }], { weight: 'w' }) })).rejects.toMatchObject({ code: 'BAD_NUMBER', message: expect.stringContaining('add up to 0') });
});

const cell = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(1e-300, 1e140, -0, '')).map(String);
const row = fc.tuple(fc.constantFrom('yes', 'no', 'maybe'), cell, cell, fc.constantFrom('red', 'green', ''), fc.integer({ min: 0, max: 3 }));

test('the twin agrees on random tables, whatever the parameters', async () => {
  let learned = 0;
  const parameters = fc.record({
    C: fc.constantFrom(1e-3, 1, 1e4), l1_ratio: fc.constantFrom(0, 0, 0.3, 1), fit_intercept: fc.boolean(), class_weight: fc.constantFrom('none', 'balanced'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 8, maxLength: 40 }), parameters, fc.boolean(), async (rows, values, weighted) => {
      const csv = bytesOf(['y,a,b,c,w', ...rows.map((one) => one.join(','))].join('\n'));
      const spec = specOf('y', [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'numeric' }, { name: 'c', kind: 'categorical' }], { weight: weighted ? 'w' : null, parameters: { ...values, max_iter: 20, tol: 1e-7 } });
      let result;
      try {
        result = await train({ csv, spec });
      } catch (error) {
        expect(['ONE_CLASS', 'UNSEEN_CLASS', 'NOT_FINITE', 'BAD_NUMBER']).toContain((error as EngineError).code);
        return;
      }
      learned += 1;
      expect(trainReference({ csv, spec })).toEqual(result);
    }),
    { numRuns: 60, seed: 20_260_102 },
  );
  expect(learned).toBeGreaterThan(30);
});
