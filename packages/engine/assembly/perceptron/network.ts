import { exp, log } from '../math';
import { randomKey } from '../random';
import { multiply, sumRows, transpose } from './multiply';

// A network is told by i32 words at `net`: the number of layers, what the last one gives (0 a number, 1 the margin of the
// second of two classes, 2 a margin for each class), and four words for each layer: inputs, outputs, outputs rounded up to a
// multiple of 4 (lanes), and where its f32 parameters begin, in bytes: weights [inputs, lanes], then biases [lanes].
// What is beyond the outputs is 0 and stays 0. `values` holds the batch's values: the inputs [rows, inputs], then each
// layer's outputs [rows, lanes]; `deltas` two blocks of [rows, most lanes]; `turned` the weights the other way round,
// [outputs, lanes of inputs], for all layers but the first.

// @ts-ignore: decorator
@inline
function layerAt(net: usize, layer: i32): usize {
  return net + 8 + ((<usize>layer) << 4);
}

// @ts-ignore: decorator
@inline
function inputsOf(at: usize): i32 {
  return load<i32>(at);
}

// @ts-ignore: decorator
@inline
function outputsOf(at: usize): i32 {
  return load<i32>(at, 4);
}

// @ts-ignore: decorator
@inline
function lanesOf(at: usize): i32 {
  return load<i32>(at, 8);
}

// @ts-ignore: decorator
@inline
function parametersOf(at: usize): usize {
  return <usize>load<i32>(at, 12);
}

// @ts-ignore: decorator
@inline
function biasesOf(at: usize): usize {
  return parametersOf(at) + ((<usize>inputsOf(at) * lanesOf(at)) << 2);
}

/** values < 0 become 0; with dropout, so do those drawn, and the others are scaled. */
function rectify(values: usize, rows: i32, outputs: i32, lanes: i32, threshold: u64, scale: f32, seed: u64, place: u64): void {
  const zero = f32x4.splat(0);
  for (let at = values, end = values + ((<usize>rows * lanes) << 2); at < end; at += 16) v128.store(at, f32x4.pmax(zero, v128.load(at)));
  if (threshold == 0) return;
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < outputs; unit += 2) {
      const key = randomKey(seed, (place << 40) | (<u64>row << 20) | <u64>unit);
      const at = values + ((<usize>row * lanes + unit) << 2);
      store<f32>(at, (key & 0xffffffff) < threshold ? 0 : load<f32>(at) * scale);
      if (unit + 1 < outputs) store<f32>(at, key >> 32 < threshold ? 0 : load<f32>(at, 4) * scale, 4);
    }
  }
}

/** Values of all layers, the inputs being there. Returns where the last layer's are. */
function forward(net: usize, parameters: usize, values: usize, rows: i32, threshold: u64, scale: f32, seed: u64, group: i32): usize {
  const layers = load<i32>(net);
  let inputs = values;
  let inputRow = <usize>inputsOf(layerAt(net, 0)) << 2;
  let outputs = values + inputRow * rows;
  for (let layer = 0; layer < layers; layer++) {
    const at = layerAt(net, layer);
    const lanes = lanesOf(at);
    const row = <usize>lanes << 2;
    // What is beyond the inputs of a row is 0 or the next row: aligned blocks need no room between them.
    multiply(inputs, inputRow, 4, parameters + parametersOf(at), row, parameters + biasesOf(at), outputs, row, rows, inputsOf(at), lanes);
    if (layer + 1 < layers) rectify(outputs, rows, outputsOf(at), lanes, threshold, scale, seed, <u64>(group * 64 + layer));
    inputs = outputs;
    inputRow = row;
    outputs += row * rows;
  }
  return inputs;
}

/** deltas = what the loss changes with the last layer's outputs, for each row; returns the sum of the rows' losses. */
function lossOf(kind: i32, outputs: usize, lanes: i32, classes: i32, targets: usize, order: usize, rows: i32, deltas: usize): f64 {
  let total: f64 = 0;
  memory.fill(deltas, 0, (<usize>rows * lanes) << 2);
  for (let row = 0; row < rows; row++) {
    const z = outputs + ((<usize>row * lanes) << 2);
    const d = deltas + ((<usize>row * lanes) << 2);
    const target = load<f32>(targets + (<usize>load<i32>(order + (<usize>row << 2)) << 2));
    if (kind == 0) {
      const error = load<f32>(z) - target;
      store<f32>(d, error);
      total += 0.5 * (<f64>error * <f64>error);
    } else if (kind == 1) {
      const margin = <f64>load<f32>(z);
      const e = exp(-abs(margin));
      total += log(1.0 + e) + (margin > 0 ? margin : 0) - margin * <f64>target;
      store<f32>(d, <f32>((margin < 0 ? e / (1.0 + e) : 1.0 / (1.0 + e)) - <f64>target));
    } else total += softmaxLoss(z, d, classes, <i32>target);
  }
  return total;
}

function softmaxLoss(z: usize, d: usize, classes: i32, target: i32): f64 {
  const end = <usize>classes << 2;
  let most = -Infinity;
  for (let c: usize = 0; c < end; c += 4) {
    const margin = <f64>load<f32>(z + c);
    if (margin > most) most = margin;
  }
  let sum: f64 = 0;
  for (let c: usize = 0; c < end; c += 4) sum += exp(<f64>load<f32>(z + c) - most);
  for (let c = 0; c < classes; c++) {
    const at = <usize>c << 2;
    store<f32>(d + at, <f32>(exp(<f64>load<f32>(z + at) - most) / sum - (c == target ? 1.0 : 0.0)));
  }
  return log(sum) - (<f64>load<f32>(z + (<usize>target << 2)) - most);
}

/** deltas become 0 where the value is 0; elsewhere they take the value's scale. */
function rectifyDeltas(deltas: usize, values: usize, rows: i32, lanes: i32, scale: f32): void {
  const zero = f32x4.splat(0);
  const factor = f32x4.splat(scale);
  for (let at: usize = 0, end = (<usize>rows * lanes) << 2; at < end; at += 16) {
    const kept = f32x4.gt(v128.load(values + at), zero);
    v128.store(deltas + at, v128.and(kept, f32x4.mul(v128.load(deltas + at), factor)));
  }
}

/** turned = the weights of all layers but the first, the other way round. */
export function turnWeights(net: usize, parameters: usize, turned: usize): void {
  let out = turned;
  for (let layer = 1, layers = load<i32>(net); layer < layers; layer++) {
    const at = layerAt(net, layer);
    const row = <usize>lanesOf(layerAt(net, layer - 1)) << 2;
    transpose(parameters + parametersOf(at), <usize>lanesOf(at) << 2, out, row, inputsOf(at), outputsOf(at));
    out += row * outputsOf(at);
  }
}

/**
 * The gradient of the summed loss of the rows order[0..rows), without penalty, and the sum of their losses at loss[0].
 * Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", Nature 323 (1986);
 * dropout: Srivastava et al., JMLR 15 (2014), with the scale in training.
 */
export function groupGradient(
  net: usize, parameters: usize, turned: usize, gradient: usize, values: usize, deltas: usize, halfDeltas: usize,
  design: usize, targets: usize, order: usize, rows: i32, threshold: f64, scale: f32, seedHigh: u32, seedLow: u32, group: i32, loss: usize,
): void {
  const layers = load<i32>(net);
  const width = inputsOf(layerAt(net, 0));
  const line = <usize>width << 2;
  for (let row = 0; row < rows; row++) memory.copy(values + <usize>row * line, design + <usize>load<i32>(order + (<usize>row << 2)) * line, line);
  const seed = (<u64>seedHigh << 32) | <u64>seedLow;
  let outputs = forward(net, parameters, values, rows, <u64>threshold, scale, seed, group);
  const last = layerAt(net, layers - 1);
  let own = deltas;
  let next = halfDeltas;
  store<f64>(loss, lossOf(load<i32>(net, 4), outputs, lanesOf(last), outputsOf(last), targets, order, rows, own));
  let weights = turned;
  for (let layer = 1; layer < layers; layer++) weights += (<usize>lanesOf(layerAt(net, layer - 1)) * outputsOf(layerAt(net, layer))) << 2;
  for (let layer = layers - 1; layer >= 0; layer--) {
    const at = layerAt(net, layer);
    const lanes = lanesOf(at);
    const row = <usize>lanes << 2;
    const inputs = inputsOf(at);
    const inputLanes = layer > 0 ? lanesOf(layerAt(net, layer - 1)) : inputs;
    const before = outputs - ((<usize>rows * inputLanes) << 2);
    multiply(before, 4, <usize>inputLanes << 2, own, row, 0, gradient + parametersOf(at), row, inputs, rows, lanes);
    sumRows(own, row, gradient + biasesOf(at), rows, lanes);
    if (layer > 0) {
      weights -= (<usize>inputLanes * outputsOf(at)) << 2;
      multiply(own, row, 4, weights, <usize>inputLanes << 2, 0, next, <usize>inputLanes << 2, rows, outputsOf(at), inputLanes);
      rectifyDeltas(next, before, rows, inputLanes, threshold > 0 ? scale : 1);
      const spare = own;
      own = next;
      next = spare;
    }
    outputs = before;
  }
}

/**
 * What the network says of rows whose f32 inputs stand at `values`: a number, or class probabilities, f64 [rows, classes].
 * Returns the first row with an output that is not finite, or -1.
 */
export function applyNetwork(net: usize, parameters: usize, values: usize, rows: i32, classes: i32, out: usize): i32 {
  const outputs = forward(net, parameters, values, rows, 0, 1, 0, 0);
  const last = layerAt(net, load<i32>(net) - 1);
  const kind = load<i32>(net, 4);
  const row = <usize>lanesOf(last) << 2;
  for (let index = 0; index < rows; index++) {
    const z = outputs + <usize>index * row;
    for (let c = 0; c < outputsOf(last); c++) if (!(abs(load<f32>(z + (<usize>c << 2))) < Infinity)) return index;
    if (kind == 0) store<f64>(out + (<usize>index << 3), <f64>load<f32>(z));
    else if (kind == 1) {
      const margin = <f64>load<f32>(z);
      const e = exp(-abs(margin));
      store<f64>(out + (<usize>index << 4), margin < 0 ? 1.0 / (1.0 + e) : e / (1.0 + e));
      store<f64>(out + (<usize>index << 4), margin < 0 ? e / (1.0 + e) : 1.0 / (1.0 + e), 8);
    } else storeSoftmax(z, classes, out + ((<usize>index * classes) << 3));
  }
  return -1;
}

function storeSoftmax(z: usize, classes: i32, out: usize): void {
  let most = -Infinity;
  for (let c: usize = 0; c < <usize>classes; c++) {
    const margin = <f64>load<f32>(z + (c << 2));
    if (margin > most) most = margin;
  }
  let sum: f64 = 0;
  for (let c: usize = 0; c < <usize>classes; c++) {
    const e = exp(<f64>load<f32>(z + (c << 2)) - most);
    store<f64>(out + (c << 3), e);
    sum += e;
  }
  for (let c: usize = 0; c < <usize>classes; c++) store<f64>(out + (c << 3), load<f64>(out + (c << 3)) / sum);
}
