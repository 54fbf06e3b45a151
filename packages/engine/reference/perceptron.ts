import { doublesToBytes } from '../src/run/checkpoint.ts';
import { integersOf, numberOf, optionalNumberOf } from '../src/spec/parameters.ts';
import { sum } from './features.ts';
import type { Data, Learner, State } from './learner.ts';
import { exp, log } from './math.ts';
import { type Held, heldError, heldOut } from './heldOut.ts';
import { randomKey, uniform } from './random.ts';

const { fround } = Math;
const GROUPS = 4;

/** One row of weights for each input, and a last one for the biases; [inputs + 1][outputs] of f32. */
type Layer = number[][];
type Moments = { weights: Layer[]; first: Layer[]; second: Layer[]; power1: number; power2: number; updates: number };
type Setup = Data & { number: (name: string) => number; kind: 'number' | 'two' | 'many'; targets: number[]; size: number; batches: number; held: Held };
/** Which units of which row of a batch are left out. */
type Drop = { seed: bigint; group: number };

/** Back-propagation row by row in f32, and Adam, as `src/algorithms/perceptron`. */
export const multilayerPerceptron: Learner = (data) => {
  const number = (name: string): number => numberOf(data.parameters, name);
  const { mean, deviation } = data.task === 'regression' ? scaleOf(data.targets) : { mean: 0, deviation: 1 };
  const rows = data.rows.map((row) => row.map(fround));
  const targets = data.targets.map((target) => fround((target - mean) / deviation));
  const out = heldOut(data);
  const learned = (_: unknown, row: number): boolean => !out.has(row);
  const kept = rows.filter(learned);
  const size = Math.min(optionalNumberOf(data.parameters, 'batch_size') ?? 200, kept.length);
  const setup: Setup = {
    ...data, number, size, batches: Math.ceil(kept.length / size), rows: kept, targets: targets.filter(learned),
    held: { rows: rows.filter((_, row) => out.has(row)), targets: targets.filter((_, row) => out.has(row)) },
    kind: data.task === 'regression' ? 'number' : data.classes === 2 ? 'two' : 'many',
  };
  const { states, weights, converged } = run(setup);
  return {
    states, converged,
    body: new Uint8Array([...(setup.kind === 'number' ? doublesToBytes([mean, deviation]) : []), ...floatBytes(weights)]),
    predict: (row) => answer(setup, weights, row.map(fround)).map((value) => (setup.kind === 'number' ? value * deviation + mean : value)),
  };
};

function run(setup: Setup): { states: State[]; weights: Layer[]; converged: boolean } {
  const { number, batches, maxSteps } = setup;
  const perStep = Math.min(batches, Math.max(32, Math.ceil((number('max_iter') * batches) / 50_000)));
  const weights = firstWeights(setup);
  const zero = (): Layer[] => weights.map((layer) => layer.map((row) => row.map(() => 0)));
  const net: Moments = { weights, first: zero(), second: zero(), power1: 1, power2: 1, updates: 0 };
  const at = { epoch: 0, batch: 0, lossSum: 0, seen: 0, best: -1, stale: 0, loss: 0 };
  const states: State[] = [];
  let best = weights;
  const keep = (): void => {
    const header = [states.length, at.epoch, at.batch, net.updates, net.power1, net.power2, at.lossSum, at.seen, at.best, at.stale, at.loss];
    const stopping = setup.held.rows.length > 0 ? floatBytes(best) : [];
    states.push({ loss: at.loss, kept: new Uint8Array([...doublesToBytes(header), ...floatBytes(net.weights), ...floatBytes(net.first), ...floatBytes(net.second), ...stopping]) });
  };
  let order = shuffled(setup, 0);
  const probe = gradientOf(setup, net, order.map((group, index) => batchOf(setup, group, index, 0)));
  at.loss = probe.loss / probe.rows + penalty(setup, net.weights);
  keep();
  while (at.epoch < number('max_iter') && at.stale <= number('n_iter_no_change') && states.length <= maxSteps) {
    for (let count = 0; count < perStep && at.batch < batches; count += 1, at.batch += 1) {
      const found = gradientOf(setup, net, order.map((group, index) => batchOf(setup, group, index, at.batch)));
      if (found.rows === 0) continue;
      adam(setup, net, found);
      at.lossSum += found.loss;
      at.seen += found.rows;
    }
    at.loss = at.lossSum / at.seen + penalty(setup, net.weights);
    if (at.batch === batches) {
      const measured = setup.held.rows.length > 0 ? heldError({ ...setup.held, isNumber: setup.kind === 'number', answers: setup.held.rows.map((row) => answer(setup, net.weights, row)) }) : at.loss;
      at.stale = at.best >= 0 && measured > at.best - number('tol') ? at.stale + 1 : 0;
      if (at.best < 0 || at.best > measured) {
        at.best = measured;
        if (setup.held.rows.length > 0) best = structuredClone(net.weights);
      }
      Object.assign(at, { epoch: at.epoch + 1, batch: 0, lossSum: 0, seen: 0 });
      order = shuffled(setup, at.epoch);
    }
    keep();
  }
  return { states, weights: best, converged: at.stale > number('n_iter_no_change') };
}

/** Little-endian f32 values. */
function floatBytes(layers: Layer[]): Uint8Array {
  const values = layers.flat(2);
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) view.setFloat32(index * 4, value, true);
  return new Uint8Array(view.buffer);
}

function scaleOf(targets: number[]): { mean: number; deviation: number } {
  const [constant = 0] = targets;
  const mean = targets.every((target) => target === constant) ? constant : sum(targets) / targets.length;
  const deviation = Math.sqrt(sum(targets.map((target) => (target - mean) * (target - mean))) / targets.length);
  return { mean, deviation: deviation === 0 ? 1 : deviation };
}

function stream({ number }: Setup, tag: number): bigint {
  return randomKey(BigInt(number('random_state')), tag);
}

function firstWeights(setup: Setup): Layer[] {
  const sizes = [setup.rows[0]?.length ?? 0, ...integersOf(setup.parameters, 'hidden_layer_sizes'), setup.kind === 'many' ? setup.classes : 1];
  let drawn = 0;
  return sizes.slice(1).map((outputs, layer) => {
    const inputs = sizes[layer] ?? 0;
    const bound = Math.sqrt(6 / (inputs + outputs));
    return Array.from({ length: inputs + 1 }, () => Array.from({ length: outputs }, () => {
      drawn += 1;
      return fround((2 * uniform(stream(setup, 0), drawn - 1) - 1) * bound);
    }));
  });
}

/** The rows of each group in the order of an epoch. */
function shuffled(setup: Setup, epoch: number): number[][] {
  const start = (group: number): number => Math.floor((setup.rows.length * group) / GROUPS);
  return Array.from({ length: GROUPS }, (_, group) => {
    const order = Array.from({ length: start(group + 1) - start(group) }, (_row, index) => start(group) + index);
    const seed = randomKey(randomKey(stream(setup, 1), epoch), group);
    for (let i = order.length - 1; i > 0; i -= 1) {
      const other = Number(((randomKey(seed, i) >> 32n) * BigInt(i + 1)) >> 32n);
      [order[i], order[other]] = [order[other] ?? 0, order[i] ?? 0];
    }
    return order;
  });
}

function batchOf({ batches }: Setup, rows: number[], group: number, batch: number): number[] {
  const place = (index: number): number => Math.floor((GROUPS * rows.length * index + group * batches) / (GROUPS * batches));
  return rows.slice(place(batch), place(batch + 1));
}

type Found = { gradients: Layer[][]; loss: number; rows: number };

/** The gradients and the losses of the four groups of a batch. */
function gradientOf(setup: Setup, net: Moments, batch: number[][]): Found {
  const seed = randomKey(stream(setup, 2), net.updates);
  const found = batch.map((rows, group) => groupGradient(setup, net.weights, rows, { seed, group }));
  const [a = 0, b = 0, c = 0, d = 0] = found.map(({ loss }) => loss);
  return { gradients: found.map(({ gradient }) => gradient), loss: a + b + (c + d), rows: batch.flat().length };
}

function groupGradient(setup: Setup, weights: Layer[], rows: number[], drop: Drop): { gradient: Layer[]; loss: number } {
  const gradient = weights.map((layer) => layer.map((row) => row.map(() => 0)));
  let loss = 0;
  for (const [place, row] of rows.entries()) {
    const values = forward(setup, weights, setup.rows[row] ?? [], { ...drop, place });
    const end = lossOf(setup, values.at(-1) ?? [], setup.targets[row] ?? 0);
    loss += end.loss;
    let { deltas } = end;
    for (let layer = weights.length - 1; layer >= 0; layer -= 1) {
      const inputs = values[layer] ?? [];
      for (const [index, line] of (gradient[layer] ?? []).entries()) {
        for (const [output, delta] of deltas.entries()) line[output] = fround((line[output] ?? 0) + (index < inputs.length ? fround((inputs[index] ?? 0) * delta) : delta));
      }
      deltas = inputs.map((value, index) => (value > 0 ? fround(weighted(deltas, weights[layer]?.[index] ?? []) * scaleOfDropout(setup)) : 0));
    }
  }
  return { gradient, loss };
}

function scaleOfDropout({ number }: Setup): number {
  return fround(1 / (1 - number('dropout')));
}

function weighted(deltas: number[], weights: number[]): number {
  let total = 0;
  for (const [output, delta] of deltas.entries()) total = fround(total + fround(delta * (weights[output] ?? 0)));
  return total;
}

/** The inputs, and the values of each layer. */
function forward(setup: Setup, weights: Layer[], row: number[], drop?: Drop & { place: number }): number[][] {
  const values = [row];
  for (const [layer, lines] of weights.entries()) {
    const inputs = values[layer] ?? [];
    const margins = (lines.at(-1) ?? []).map((bias, output) => {
      let total = bias;
      for (const [index, value] of inputs.entries()) total = fround(total + fround(value * (lines[index]?.[output] ?? 0)));
      return total;
    });
    const hidden = layer < weights.length - 1;
    values.push(hidden ? margins.map((margin, unit) => (margin > 0 && !isDropped(setup, layer, unit, drop) ? fround(margin * (drop === undefined ? 1 : scaleOfDropout(setup))) : 0)) : margins);
  }
  return values;
}

/** A key of 64 bits decides for two units: its lower half for the even one. */
function isDropped({ number }: Setup, layer: number, unit: number, drop?: Drop & { place: number }): boolean {
  if (drop === undefined || number('dropout') === 0) return false;
  const index = (BigInt(drop.group * 64 + layer) << 40n) | (BigInt(drop.place) << 20n) | BigInt(unit - (unit % 2));
  const key = randomKey(drop.seed, Number(index));
  const bits = unit % 2 === 0 ? key & 0xffff_ffffn : key >> 32n;
  return Number(bits) < Math.floor(number('dropout') * 2 ** 32);
}

function lossOf({ kind }: Setup, margins: number[], target: number): { loss: number; deltas: number[] } {
  const [margin = 0] = margins;
  if (kind === 'number') {
    const error = fround(margin - target);
    return { loss: 0.5 * (error * error), deltas: [error] };
  }
  if (kind === 'two') return { loss: log(1 + exp(-Math.abs(margin))) + Math.max(margin, 0) - margin * target, deltas: [fround(logistic(margin) - target)] };
  const most = Math.max(...margins);
  const total = sum(margins.map((value) => exp(value - most)));
  return { loss: log(total) - ((margins[target] ?? 0) - most), deltas: margins.map((value, index) => fround(exp(value - most) / total - (index === target ? 1 : 0))) };
}

function logistic(margin: number): number {
  const e = exp(-Math.abs(margin));
  return margin < 0 ? e / (1 + e) : 1 / (1 + e);
}

function adam({ number }: Setup, net: Moments, { gradients, rows }: Found): void {
  const [beta1, beta2] = [number('beta_1'), number('beta_2')];
  net.updates += 1;
  net.power1 *= beta1;
  net.power2 *= beta2;
  const rate = fround((number('learning_rate_init') * Math.sqrt(1 - net.power2)) / (1 - net.power1));
  for (const [layer, lines] of net.weights.entries()) {
    for (const [index, line] of lines.entries()) {
      const alpha = index < lines.length - 1 ? fround(number('alpha')) : 0;
      for (const [output, weight] of line.entries()) {
        const [a = 0, b = 0, c = 0, d = 0] = gradients.map((group) => group[layer]?.[index]?.[output] ?? 0);
        const g = fround(fround(fround(fround(a + b) + fround(c + d)) + fround(alpha * weight)) * fround(1 / rows));
        const first = fround(fround(fround(beta1) * (net.first[layer]?.[index]?.[output] ?? 0)) + fround(fround(1 - beta1) * g));
        const second = fround(fround(fround(beta2) * (net.second[layer]?.[index]?.[output] ?? 0)) + fround(fround(fround(1 - beta2) * g) * g));
        setAt(net.first, [layer, index, output], first);
        setAt(net.second, [layer, index, output], second);
        line[output] = fround(weight - fround(fround(rate * first) / fround(fround(Math.sqrt(second)) + fround(number('epsilon')))));
      }
    }
  }
}

function setAt(layers: Layer[], [layer, index, output]: [number, number, number], value: number): void {
  const line = layers[layer]?.[index];
  if (line !== undefined) line[output] = value;
}

function penalty({ number, size }: Setup, weights: Layer[]): number {
  let squares = 0;
  for (const lines of weights) {
    let own = 0;
    for (const value of lines.slice(0, -1).flat()) own += value * value;
    squares += own;
  }
  return (0.5 * number('alpha') * squares) / size;
}

function answer(setup: Setup, weights: Layer[], row: number[]): number[] {
  const margins = forward(setup, weights, row).at(-1) ?? [];
  const [margin = 0] = margins;
  if (setup.kind === 'number') return [margin];
  if (setup.kind === 'two') {
    const e = exp(-Math.abs(margin));
    const [less, more] = [e / (1 + e), 1 / (1 + e)];
    return margin < 0 ? [more, less] : [less, more];
  }
  const most = Math.max(...margins);
  const powers = margins.map((value) => exp(value - most));
  const total = sum(powers);
  return powers.map((power) => power / total);
}
