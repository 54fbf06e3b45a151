import { mostLikely } from '../../model/mostLikely.ts';
import { doubles } from '../../kernels/index.ts';
import { type Perceptron, type Validation, memberAt, notFinite } from './perceptron.ts';

/**
 * The error of the present weights on the rows held out, without dropout: of classes the share that is wrong, of numbers
 * 1 - R². So scikit-learn's score is 1 minus this.
 */
export function validationError(perceptron: Perceptron, validation: Validation): number {
  const { problem: { classes }, network } = perceptron;
  const { targets } = validation;
  const outputs = outputsOf(perceptron, validation);
  if (network.kind === 0) return unexplained(outputs, targets);
  let wrong = 0;
  for (let row = 0; row < targets.length; row += 1) if (mostLikely(outputs, classes.length, row) !== targets[row]) wrong += 1;
  return wrong / targets.length;
}

function outputsOf({ problem: { width, classes }, network, team: { kernels }, members, plan }: Perceptron, { design, targets, out }: Validation): Float64Array {
  const { net, weights, values } = memberAt(members, 0);
  const outputs = network.kind === 0 ? 1 : classes.length;
  const all = new Float64Array(targets.length * outputs);
  for (let first = 0; first < targets.length; first += plan.groupRows) {
    const count = Math.min(plan.groupRows, targets.length - first);
    new Float32Array(kernels.memory.buffer, values, count * width).set(design.subarray(first * width, (first + count) * width));
    if (kernels.applyNetwork(net, weights, values, count, classes.length, out) >= 0) throw notFinite();
    all.set(doubles(kernels, out, count * outputs), first * outputs);
  }
  return all;
}

/** Squared errors over squared distances to the mean; of a constant target 0 if it is met and 1 if not. */
function unexplained(outputs: Float64Array, targets: Float32Array): number {
  let sum = 0;
  for (const target of targets) sum += target;
  const mean = sum / targets.length;
  let squares = 0;
  let spread = 0;
  for (const [row, target] of targets.entries()) {
    const error = (outputs[row] ?? 0) - target;
    squares += error * error;
    spread += (target - mean) * (target - mean);
  }
  if (spread === 0) return squares === 0 ? 0 : 1;
  return squares / spread;
}
