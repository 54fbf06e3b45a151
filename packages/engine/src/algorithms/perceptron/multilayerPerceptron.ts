import { EngineError } from '../../errors.ts';
import { type Kernels, allocate, doubles, integers } from '../../kernels/index.ts';
import { badModel } from '../../model/body.ts';
import { badCheckpoint, bytesToDoubles, doublesToBytes, writeDoubles } from '../../run/checkpoint.ts';
import { type ParameterValues, integersOf, numberOf } from '../../spec/parameters.ts';
import type { Algorithm, ModelShape, Predictor, Start, Trainer } from '../algorithm.ts';
import { groups, heldRows, planOf, usualFraction } from './batches.ts';
import { type Held, chosenWeights, createPerceptron, enterPerceptron } from './createPerceptron.ts';
import { type Network, networkOf, unpack, valueBytes } from './network.ts';
import { type Perceptron, type Progress, packed } from './perceptron.ts';
import { stepPerceptron } from './stepPerceptron.ts';

const ROWS_A_CALL = 512;
const HEADER = 11;

/** A multilayer perceptron: scikit-learn's MLPClassifier and MLPRegressor with ReLU and Adam, in f32, with dropout. */
export const multilayerPerceptron: Algorithm = {
  name: 'multilayer-perceptron',
  title: 'Neural network',
  about: 'Layers of rectified units, trained by Adam in small batches. For curved relations among many rows. Numbers are learned on a standard scale and given back on their own.',
  tasks: ['classification', 'regression'],
  parameters: [
    { name: 'hidden_layer_sizes', kind: 'integers', title: 'Hidden layers', help: 'How many units each hidden layer has, from the inputs to the outputs.', default: [100], least: 1, most: 4_096, longest: 8 },
    { name: 'alpha', kind: 'number', title: 'Penalty', help: 'Strength of the L2 penalty: alpha / 2 times the squared weights, over the rows of a batch; biases left out.', default: 1e-4, least: 0, most: 1e6 },
    { name: 'batch_size', kind: 'integer', title: 'Batch', help: 'Rows of a batch at most; an epoch is cut into batches of equal size.', default: null, least: 1, most: 100_000, orNull: 'automatic: 200, or all training rows where there are fewer' },
    { name: 'learning_rate_init', kind: 'number', title: 'Learning rate', help: 'The size of a step of Adam.', default: 1e-3, least: 1e-9, most: 10 },
    { name: 'max_iter', kind: 'integer', title: 'Most epochs', help: 'How often all rows are looked at, at most.', default: 200, least: 1, most: 10_000 },
    { name: 'tol', kind: 'number', title: 'Tolerance', help: "What an epoch's loss must fall by to count as better than the best one; with early stopping, what its score must rise by.", default: 1e-4, least: 0, most: 1e6 },
    { name: 'n_iter_no_change', kind: 'integer', title: 'Patience', help: 'Training ends after more than so many epochs in a row that are not better.', default: 10, least: 1, most: 10_000 },
    { name: 'early_stopping', kind: 'boolean', title: 'Early stopping', help: 'Holds some training rows out, stops when their score no longer rises, and takes the weights of the best epoch.', default: false, leftOut: true },
    { name: 'validation_fraction', kind: 'number', title: 'Rows held out', help: 'Share of the training rows that early stopping holds out, drawn by a hash of their number and random_state.', default: usualFraction, least: 1e-6, most: 0.9, leftOut: true },
    { name: 'dropout', kind: 'number', title: 'Dropout', help: 'The chance of a hidden unit to be left out of a row of a batch. Not in scikit-learn.', default: 0, least: 0, most: 0.95 },
    { name: 'beta_1', kind: 'number', title: 'First decay', help: "Decay of Adam's mean of gradients.", default: 0.9, least: 0, most: 0.999999 },
    { name: 'beta_2', kind: 'number', title: 'Second decay', help: "Decay of Adam's mean of squared gradients.", default: 0.999, least: 0, most: 0.999999 },
    { name: 'epsilon', kind: 'number', title: 'Epsilon', help: "Keeps Adam's quotient away from a division by zero.", default: 1e-8, least: 1e-12, most: 1 },
    { name: 'random_state', kind: 'integer', title: 'Seed', help: 'Decides the first weights, the order of rows and which units are left out.', default: 0, least: 0, most: 4_294_967_295 },
  ],
  preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  takesMissing: false,
  takesWeights: false,
  copiesRows: false,
  checkpoints: 'whole',
  memory: ({ trainRows, width, classes, parameters, task }) => {
    const network = networkOf({ width, hidden: integersOf(parameters, 'hidden_layer_sizes'), classes, task });
    const perMember = 4 * (3 + groups) * network.count + 4 * network.turned + planOf(parameters, trainRows).groupRows * (valueBytes(network) + 8 * network.mostLanes);
    const held = heldRows(parameters, trainRows) === 0 ? 0 : 4 * network.packed + planOf(parameters, trainRows).groupRows * Math.max(1, classes) * 8;
    return trainRows * (4 * width + 8) + groups * perMember + held + 65_536;
  },
  maxSteps: (values, trainRows) => numberOf(values, 'max_iter') * planOf(values, trainRows).stepsPerEpoch,
  start: async (start, states) => trainerOf(await createPerceptron(start, heldIn(states ?? [], start)), start),
  read: readPerceptron,
};

/** A state: as f64 the fields of `Progress` in their order, then as f32 weights, first moments and second moments, and with early stopping the best weights. */
function writeState(perceptron: Perceptron): Uint8Array {
  const { progress, validation } = perceptron;
  const { step, epoch, batch, updates, power1, power2, lossSum, seen, best, stale, loss } = progress;
  const kept = packed(perceptron, ['weights', 'first', 'second', ...(validation === null ? [] : ['weights' as const])], HEADER * 2);
  writeDoubles(kept, 0, [step, epoch, batch, updates, power1, power2, lossSum, seen, best, stale, loss]);
  if (validation !== null && best >= 0) kept.set(validation.best, kept.length - validation.best.length);
  return kept;
}

function heldIn(states: readonly Uint8Array[], start: Start): Held | undefined {
  const [last] = states.slice(-1);
  return last === undefined ? undefined : readState(last, start);
}

function readState(kept: Uint8Array, { problem }: Start): Held {
  const { parameters, trainRows, width, classes, spec } = problem;
  const network = networkOf({ width, hidden: integersOf(parameters, 'hidden_layer_sizes'), classes: classes.length, task: spec.task });
  const bytes = network.packed * 4;
  const stops = heldRows(parameters, trainRows) > 0;
  const length = HEADER * 8 + bytes * (stops ? 4 : 3);
  if (kept.length !== length) throw badCheckpoint(`keeps ${kept.length} bytes, this run keeps ${length}`);
  const [step = 0, epoch = 0, batch = 0, updates = 0, power1 = 0, power2 = 0, lossSum = 0, seen = 0, best = 0, stale = 0, loss = 0] = bytesToDoubles(kept.subarray(0, HEADER * 8), HEADER);
  const progress: Progress = { step, epoch, batch, updates, power1, power2, lossSum, seen, best, stale, loss };
  checkProgress(progress, parameters, trainRows);
  const at = (index: number): Uint8Array => kept.subarray(HEADER * 8 + index * bytes, HEADER * 8 + (index + 1) * bytes);
  return { progress, weights: at(0), first: at(1), second: at(2), ...(stops ? { best: at(3) } : {}) };
}

/** What counts can be known without training. */
function checkProgress({ step, epoch, batch, updates, seen, stale, best }: Progress, parameters: ParameterValues, trainRows: number): void {
  const plan = planOf(parameters, trainRows);
  const counts = [step, epoch, batch, updates, seen, stale].every((count) => Number.isSafeInteger(count) && count >= 0);
  const fits = epoch <= numberOf(parameters, 'max_iter') && batch < plan.batches && batch % plan.perStep === 0 && step === epoch * plan.stepsPerEpoch + batch / plan.perStep;
  if (!counts || !fits || stale > epoch || (epoch > 0) !== (best >= 0)) throw badCheckpoint('counts what no run counts');
}

function trainerOf(perceptron: Perceptron, start: Start): Trainer {
  const { problem, pause } = start;
  return {
    get step() {
      return perceptron.progress.step;
    },
    get loss() {
      return perceptron.progress.loss;
    },
    get converged() {
      return perceptron.progress.stale > numberOf(problem.parameters, 'n_iter_no_change');
    },
    advance: () => stepPerceptron(perceptron, pause),
    resume: (states) => enterPerceptron(perceptron, heldIn(states, start), pause),
    state: () => writeState(perceptron),
    body: () => {
      const { network, target } = perceptron;
      const scale = network.kind === 0 ? doublesToBytes([target.mean, target.deviation]) : new Uint8Array();
      const weights = chosenWeights(perceptron);
      const body = new Uint8Array(scale.length + weights.length);
      body.set(scale);
      body.set(weights, scale.length);
      return body;
    },
  };
}

/** What a body holds. @throws EngineError BAD_MODEL */
export function readBody(body: Uint8Array, { width, classes, task, parameters }: ModelShape): { network: Network; weights: Float32Array; mean: number; deviation: number } {
  const network = networkOf({ width, hidden: integersOf(parameters, 'hidden_layer_sizes'), classes: classes.length, task });
  const scale = network.kind === 0 ? 16 : 0;
  if (body.length !== scale + network.packed * 4) throw badModel(`has a body of ${body.length} bytes, its header asks for ${scale + network.packed * 4}`);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [mean, deviation] = scale === 0 ? [0, 1] : [view.getFloat64(0, true), view.getFloat64(8, true)];
  const weights = unpack(network, body.subarray(scale));
  if (weights === undefined || !Number.isFinite(mean) || !Number.isFinite(deviation)) throw badModel('holds a parameter that is not finite');
  if (deviation <= 0) throw badModel('has a deviation of the target that is not above 0');
  return { network, weights, mean, deviation };
}

/** Body: for numbers f64 mean and deviation of the target; then f32 for each layer its weights [inputs, outputs] and its biases. */
function readPerceptron(body: Uint8Array, shape: ModelShape, kernels: Kernels): Predictor {
  const { network, weights, mean, deviation } = readBody(body, shape);
  const { width, classes } = shape;
  const outputs = network.kind === 0 ? 1 : classes.length;
  const net = allocate(kernels, network.table.byteLength);
  const parameters = allocate(kernels, network.count * 4);
  const values = allocate(kernels, ROWS_A_CALL * valueBytes(network));
  const out = allocate(kernels, ROWS_A_CALL * outputs * 8);
  integers(kernels, net, network.table.length).set(network.table);
  new Float32Array(kernels.memory.buffer, parameters, network.count).set(weights);
  return {
    outputs,
    predict: (design, count) => {
      const all = new Float64Array(count * outputs);
      for (let first = 0; first < count; first += ROWS_A_CALL) {
        const taken = Math.min(ROWS_A_CALL, count - first);
        new Float32Array(kernels.memory.buffer, values, taken * width).set(design.subarray(first * width, (first + taken) * width));
        const bad = kernels.applyNetwork(net, parameters, values, taken, classes.length, out);
        if (bad >= 0) throw new EngineError('NOT_FINITE', `Row ${first + bad + 1} of these rows is too far from the training rows to be scored: correct it.`);
        all.set(doubles(kernels, out, taken * outputs), first * outputs);
      }
      return network.kind === 0 ? all.map((value) => value * deviation + mean) : all;
    },
  };
}
