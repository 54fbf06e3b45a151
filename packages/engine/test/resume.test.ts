import { expect, test } from 'vitest';
import { createCheckpointStore } from '../src/run/checkpointStore.ts';
import { type Checkpoint, type TrainSpecInput, train } from '../src/index.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';

const limits = { maxSteps: 100_000, maxBytes: 2 ** 28 };
const boosting: TrainSpecInput = { ...penguinsSpec, algorithm: 'gradient-boosting', parameters: { max_iter: 4, min_samples_leaf: 5, early_stopping: 'on' }, limits };
const clusters: TrainSpecInput = { ...penguinsSpec, algorithm: 'k-means', task: 'clustering', target: null, parameters: { n_clusters: 6, n_init: 3 }, limits };
const network: TrainSpecInput = { ...penguinsSpec, algorithm: 'multilayer-perceptron', parameters: { hidden_layer_sizes: [4], max_iter: 9, batch_size: 40, dropout: 0.2 }, limits };
const forest: TrainSpecInput = { ...penguinsSpec, algorithm: 'random-forest', parameters: { n_estimators: 2 }, limits };
const csv = penguinsCsv();

test.each([['logistic regression', csv, penguinsSpec], ['boosting', csv, boosting], ['k-means', csv, clusters], ['perceptron', csv, network], ['neighbours', weatherCsv(), { ...weatherSpec, algorithm: 'k-nearest-neighbours', parameters: {}, limits }], ['forest', csv, forest]] as const)('%s: a run that goes on from any step is the undisturbed one, to the bit', async (_, table, spec) => {
  const whole = await train({ csv: table, spec });
  for (const at of new Set([0, 1, Math.floor(whole.steps / 2), whole.steps - 1, whole.steps])) {
    const resume = whole.checkpoints.slice(0, at + 1);
    const made: number[] = [];
    expect(await train({ csv: table, spec, resume, onCheckpoint: ({ step }) => made.push(step), threads: 2, startMember: startNodeMember })).toEqual(whole);
    expect(made[0] ?? at + 1).toBe(at + 1);
  }
});

test('who asks meanwhile sees the checkpoints so far, and a stopped attempt is taken up', async () => {
  let seen: readonly Checkpoint[] = [];
  const whole = await train({ csv, spec: network });
  const half = await train({ csv, spec: network, onStart: (checkpoints) => { seen = checkpoints; }, shouldStop: () => seen.length > 4 });
  expect(seen).toEqual(half.checkpoints);
  expect(half.stopped).toBe(true);
  expect(await train({ csv, spec: network, resume: seen })).toEqual(whole);
});

test('checkpoints that are not enough to go on are refused', async () => {
  const { checkpoints } = await train({ csv, spec: penguinsSpec });
  const refused = (resume: readonly Checkpoint[], spec = penguinsSpec): Promise<void> => expect(train({ csv, spec, resume })).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
  await refused([]);
  await refused(checkpoints.slice(1));
  await refused(checkpoints.map(({ step, loss, digest }) => ({ step, loss, digest })));
  await refused(checkpoints, { ...penguinsSpec, split: { ...penguinsSpec.split, seed: 8 } });
  await refused(checkpoints, { ...penguinsSpec, validation: { folds: 2, seed: 1 } });
  const trees = (await train({ csv, spec: boosting })).checkpoints;
  await refused(trees.map((checkpoint, step) => (step === 1 ? { step, loss: checkpoint.loss, digest: checkpoint.digest } : checkpoint)), boosting);
});

test('a store that goes on keeps the states that it would have kept', () => {
  const digest = `0x${'00'.repeat(32)}` as const;
  const make = (step: number): Required<Checkpoint> => ({ step, loss: step, digest, state: new Uint8Array(100) });
  const whole = createCheckpointStore('whole', { mostBytes: 1_000 });
  const parts: Checkpoint[] = [];
  for (let step = 0; step < 100; step += 1) {
    whole.add(make(step));
    // Kept elsewhere now and then, so that some have states which the store has dropped since.
    if (step % 7 === 0) parts.push(...whole.checkpoints.slice(parts.length));
    const last = parts.findLastIndex(({ state }) => state !== undefined);
    const resumed = createCheckpointStore('whole', { mostBytes: 1_000, earlier: parts.slice(0, last + 1) });
    for (let next = last + 1; next <= step; next += 1) resumed.add(make(next));
    expect(resumed.checkpoints).toEqual(whole.checkpoints);
  }
});
