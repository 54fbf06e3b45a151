import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainReference } from '../reference/index.ts';
import { type ColumnSpec, EngineError, type TrainSpecInput, predict, replay, train } from '../src/index.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec, withoutGentoo } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

const limits = { maxSteps: 100_000, maxBytes: 2 ** 28 };
const species = (algorithm: string, parameters: TrainSpecInput['parameters'] = {}): TrainSpecInput => ({ ...penguinsSpec, algorithm, parameters, limits });
const warmth = (algorithm: string, parameters: TrainSpecInput['parameters'] = {}): TrainSpecInput => ({
  ...weatherSpec, algorithm, task: 'regression', target: 'temp_max',
  features: ['precipitation', 'temp_min', 'wind'].map((name) => ({ name, kind: 'numeric' as const })), parameters, limits,
});

test.each([
  ['a tree of three classes', penguinsCsv(), species('decision-tree')],
  ['a tree by entropy', penguinsCsv(), species('decision-tree', { criterion: 'entropy', min_samples_leaf: 3 })],
  ['a tree of two classes by entropy', withoutGentoo(), species('decision-tree', { criterion: 'entropy', class_weight: 'balanced' })],
  ['a forest of three classes', penguinsCsv(), species('random-forest', { n_estimators: 5 })],
  ['a forest of two classes', withoutGentoo(), species('random-forest', { n_estimators: 5, max_features: 'log2', max_depth: 4 })],
  ['a tree for numbers', weatherCsv(), warmth('decision-tree', { min_samples_split: 20 })],
  ['a forest for numbers', weatherCsv(), warmth('random-forest', { n_estimators: 3, max_features: 'sqrt', min_samples_leaf: 4 })],
  ['a tree of few leaves', weatherCsv(), warmth('decision-tree', { max_leaf_nodes: 20 })],
  ['a forest of few leaves', penguinsCsv(), species('random-forest', { n_estimators: 4, max_leaf_nodes: 6 })],
  ['a bound of steps while the best are split', weatherCsv(), { ...warmth('decision-tree', { max_leaf_nodes: 300 }), limits: { ...limits, maxSteps: 4 } }],
  ['a bound of steps while a tree is written', weatherCsv(), { ...warmth('decision-tree', { max_leaf_nodes: 300 }), limits: { ...limits, maxSteps: 14 } }],
  ['a bound of steps inside a tree', weatherCsv(), { ...warmth('random-forest', { n_estimators: 3 }), limits: { ...limits, maxSteps: 40 } }],
  ['a bound of steps inside the first tree', weatherCsv(), { ...warmth('decision-tree'), limits: { ...limits, maxSteps: 3 } }],
] as const)('the twin agrees: %s', async (_, csv, spec) => {
  expect(trainReference({ csv, spec })).toEqual(await train({ csv, spec }));
}, 60_000);

test.each([2, 4])('%i threads write the same bytes', async (threads) => {
  for (const [csv, spec] of [[penguinsCsv(), species('random-forest', { n_estimators: 30 })], [weatherCsv(), { ...warmth('random-forest', { n_estimators: 9 }), limits: { ...limits, maxSteps: 50 } }], [weatherCsv(), warmth('decision-tree')]] as const) {
    expect(await train({ csv, spec, threads, startMember: startNodeMember })).toEqual(await train({ csv, spec }));
  }
}, 60_000);

test('a run goes on from any of its states', async () => {
  for (const spec of [warmth('random-forest', { n_estimators: 3 }), warmth('decision-tree'), warmth('decision-tree', { max_leaf_nodes: 200 })]) {
    const csv = weatherCsv();
    const { checkpoints, steps } = await train({ csv, spec });
    const states = checkpoints.map(({ state }) => state ?? new Uint8Array());
    for (let at = 0; at < steps; at += 7) expect(await replay({ csv, spec, states: states.slice(0, at + 1), steps: 4 })).toEqual(checkpoints.slice(at + 1, at + 5));
  }
});

test('forged nodes are found when the run goes on: in a tree under way by growing it, in a whole one by their form', async () => {
  const csv = weatherCsv();
  const spec = warmth('decision-tree');
  const { checkpoints } = await train({ csv, spec });
  const states = checkpoints.slice(0, 3).map(({ state }) => state?.slice() ?? new Uint8Array());
  const forged = states[2] ?? new Uint8Array();
  forged[80 + 12 + 4] = (forged[80 + 12 + 4] ?? 0) ^ 1;
  await expect(replay({ csv, spec, states })).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
});

test('bodies that no training writes are refused', async () => {
  const csv = penguinsCsv();
  const { model } = await train({ csv, spec: species('random-forest', { n_estimators: 2 }) });
  const body = new DataView(model.buffer, model.byteOffset).getUint32(4, true) + 8 + 4 * 16;
  const changed = (at: number, ...values: number[]): Uint8Array => {
    const bytes = model.slice();
    bytes.set(values, body + at);
    return bytes;
  };
  expect(new DataView(model.buffer, model.byteOffset).getUint32(body, true)).toBe(2);
  for (const bad of [model.slice(0, -1), Uint8Array.from([...model, 0]), changed(0, 1), changed(0, 3), changed(4, 1), changed(8, 1), changed(12, 77), changed(22, 0xf0, 0x7f)]) {
    await expect(predict({ model: bad, csv })).rejects.toMatchObject({ code: 'BAD_MODEL' });
  }
});

const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), fc.constantFrom(0.1, -0, 5e-324, 1e-300, 1e300)).map(String);
const missing = fc.constantFrom('', 'NA');
const numberCell = fc.oneof({ weight: 4, arbitrary: number }, { weight: 1, arbitrary: missing });
const wordCell = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('red', 'green', 'blue') }, { weight: 1, arbitrary: missing });
const row = fc.record({ y: fc.constantFrom('yes', 'no', 'maybe'), z: fc.integer({ min: -1000, max: 1000 }), w: fc.integer({ min: 0, max: 9 }), a: numberCell, b: wordCell, c: numberCell, d: fc.constant('7') });
const features: ColumnSpec[] = [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'categorical' }, { name: 'c', kind: 'numeric' }, { name: 'd', kind: 'numeric' }];

test('the twin agrees on random tables', async () => {
  let learned = 0;
  const settings = fc.record({ leaves: fc.constantFrom(null, 2, 5), regression: fc.boolean(), weighted: fc.boolean(), many: fc.boolean(), criterion: fc.constantFrom('gini', 'entropy') });
  await fc.assert(fc.asyncProperty(fc.array(row, { minLength: 6, maxLength: 40 }), fc.nat(), settings, async (rows, seed, { leaves, regression, weighted, many, criterion }) => {
    const csv = bytesOf(['y,z,w,a,b,c,d', ...rows.map(({ y, z, w, a, b, c, d }) => [y, z, w, a, b, c, d].join(','))].join('\n'));
    const spec = specOf(regression ? 'z' : 'y', features, {
      algorithm: many ? 'random-forest' : 'decision-tree', task: regression ? 'regression' : 'classification', weight: weighted ? 'w' : null, split: { rule: 'hash-rank', seed, testFraction: 0.2 }, limits,
      parameters: many ? { n_estimators: 3, max_leaf_nodes: leaves, criterion, max_features: 'sqrt', random_state: seed } : { max_leaf_nodes: leaves, criterion },
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
  }), { numRuns: 60, seed: 20_260_103 });
  expect(learned).toBeGreaterThan(30);
}, 60_000);
