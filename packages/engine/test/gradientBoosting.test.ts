import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainReference } from '../reference/index.ts';
import { type ColumnSpec, EngineError, type TrainSpecInput, replay, train } from '../src/index.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec, withoutGentoo } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

const limits = { maxSteps: 100_000, maxBytes: 2 ** 28 };
const species = (parameters: TrainSpecInput['parameters']): TrainSpecInput => ({ ...penguinsSpec, algorithm: 'gradient-boosting', parameters: { min_samples_leaf: 5, ...parameters }, limits });
const warmth = (parameters: TrainSpecInput['parameters']): TrainSpecInput => ({
  ...weatherSpec, algorithm: 'gradient-boosting', task: 'regression', target: 'temp_max',
  features: ['precipitation', 'temp_min', 'wind'].map((name) => ({ name, kind: 'numeric' as const })), parameters: parameters ?? {}, limits,
});

test.each([
  ['three classes', penguinsCsv(), species({ max_iter: 3 })],
  ['two classes', withoutGentoo(), species({ max_iter: 6 })],
  ['early stopping and class weights', withoutGentoo(), species({ max_iter: 40, early_stopping: 'on', n_iter_no_change: 3, class_weight: 'balanced' })],
  ['a bound of steps inside a tree', penguinsCsv(), { ...species({ max_iter: 3 }), limits: { ...limits, maxSteps: 8 } }],
  ['regression with constraints', weatherCsv(), warmth({ max_iter: 3, monotonic_cst: [0, 1, -1] })],
  ['regression by few bins, levels and rows', weatherCsv(), warmth({ max_iter: 3, max_bins: 9, max_depth: 3, l2_regularization: 2, max_leaf_nodes: null })],
] as const)('the twin agrees: %s', async (_, csv, spec) => {
  expect(trainReference({ csv, spec })).toEqual(await train({ csv, spec }));
});

test.each([2, 4])('%i threads write the same bytes', async (threads) => {
  for (const [csv, spec] of [[penguinsCsv(), species({ max_iter: 5 })], [weatherCsv(), warmth({ max_iter: 5, early_stopping: 'on' })]] as const) {
    expect(await train({ csv, spec, threads, startMember: startNodeMember })).toEqual(await train({ csv, spec }));
  }
});

test('a run goes on from any of its states', async () => {
  for (const [csv, spec] of [[penguinsCsv(), species({ max_iter: 4, early_stopping: 'on' })], [withoutGentoo(), species({ max_iter: 4 })]] as const) {
    const { checkpoints, steps } = await train({ csv, spec });
    const states = checkpoints.map(({ state }) => state ?? new Uint8Array());
    for (let at = 0; at < steps; at += 3) expect(await replay({ csv, spec, states: states.slice(0, at + 1), steps: 4 })).toEqual(checkpoints.slice(at + 1, at + 5));
  }
});

test('a forged split in the tree under way is found when the run goes on', async () => {
  const spec = species({ max_iter: 2 });
  const { checkpoints } = await train({ csv: penguinsCsv(), spec });
  const states = checkpoints.slice(0, 2).map(({ state }) => state?.slice() ?? new Uint8Array());
  const forged = states[1] ?? new Uint8Array();
  forged[80 + 8] = (forged[80 + 8] ?? 0) ^ 1;
  await expect(replay({ csv: penguinsCsv(), spec, states })).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
});

const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), fc.constantFrom(0.1, -0, 5e-324, 1e-300, 1e300)).map(String);
const missing = fc.constantFrom('', 'NA');
const numberCell = fc.oneof({ weight: 4, arbitrary: number }, { weight: 1, arbitrary: missing });
const wordCell = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('red', 'green', 'blue') }, { weight: 1, arbitrary: missing });
const row = fc.record({ y: fc.constantFrom('yes', 'no', 'maybe'), z: fc.integer({ min: -1000, max: 1000 }), w: fc.integer({ min: 0, max: 9 }), a: numberCell, b: wordCell, c: numberCell, d: fc.constant('7') });
const features: ColumnSpec[] = [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'categorical' }, { name: 'c', kind: 'numeric' }, { name: 'd', kind: 'numeric' }];

test('the twin agrees on random tables', async () => {
  let learned = 0;
  await fc.assert(fc.asyncProperty(fc.array(row, { minLength: 6, maxLength: 60 }), fc.nat(), fc.boolean(), fc.boolean(), fc.constantFrom('on', 'off'), async (rows, seed, regression, weighted, stopping) => {
    const csv = bytesOf(['y,z,w,a,b,c,d', ...rows.map(({ y, z, w, a, b, c, d }) => [y, z, w, a, b, c, d].join(','))].join('\n'));
    const spec = specOf(regression ? 'z' : 'y', features, {
      algorithm: 'gradient-boosting', task: regression ? 'regression' : 'classification', weight: weighted ? 'w' : null, split: { rule: 'hash-rank', seed, testFraction: 0.2 }, limits,
      parameters: { max_iter: 5, min_samples_leaf: 2, max_leaf_nodes: 6, early_stopping: stopping, n_iter_no_change: 2, validation_fraction: 0.3 },
    });
    try {
      await train({ csv, spec });
    } catch (error) {
      expect(error).toBeInstanceOf(EngineError);
      expect(['ONE_CLASS', 'UNSEEN_CLASS', 'TOO_FEW_ROWS', 'NOT_FINITE', 'BAD_NUMBER']).toContain((error as EngineError).code);
      return;
    }
    learned += 1;
    expect(trainReference({ csv, spec })).toEqual(await train({ csv, spec }));
  }), { numRuns: 60, seed: 20_260_102 });
  expect(learned).toBeGreaterThan(30);
}, 60_000);
