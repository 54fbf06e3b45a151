import { exp, log } from './math';
import { addScaled } from './vectors';

// Shapes: design [rows, width], weights [vectors, width], probabilities [rows, classes].
// vectors == classes, or 1 for two classes: then class 0 has the margin 0 (the logistic model).

/**
 * Class probabilities of the rows [first, last), and the sum of their log-losses added to loss[0].
 * targets = 0 skips the loss. Returns the first row with a margin that is not finite, or -1.
 */
export function softmaxRows(
  design: usize, width: i32, targets: usize, weights: usize, vectors: i32, classes: i32,
  probabilities: usize, loss: usize, first: i32, last: i32,
): i32 {
  const skip = classes - vectors;
  let total = load<f64>(loss);
  for (let row = first; row < last; row++) {
    const x = design + ((<usize>row * width) << 3);
    const p = probabilities + ((<usize>row * classes) << 3);
    if (skip) store<f64>(p, 0);
    let most: f64 = skip ? 0 : -Infinity;
    for (let v = 0; v < vectors; v++) {
      const w = weights + ((<usize>v * width) << 3);
      let margin: f64 = 0;
      for (let j: usize = 0, end = <usize>width << 3; j < end; j += 8) margin += load<f64>(w + j) * load<f64>(x + j);
      if (!(abs(margin) < Infinity)) return row;
      store<f64>(p + (<usize>(v + skip) << 3), margin);
      if (margin > most) most = margin;
    }
    const own = targets ? load<f64>(p + (<usize>load<i32>(targets + (<usize>row << 2)) << 3)) : 0;
    let sum: f64 = 0;
    for (let c: usize = 0, end = <usize>classes << 3; c < end; c += 8) {
      const e = exp(load<f64>(p + c) - most);
      store<f64>(p + c, e);
      sum += e;
    }
    if (targets) total += log(sum) - (own - most);
    for (let c: usize = 0, end = <usize>classes << 3; c < end; c += 8) store<f64>(p + c, load<f64>(p + c) / sum);
  }
  store<f64>(loss, total);
  return -1;
}

/** gradient[v] += (probability - target) * row, for the rows [first, last). */
export function gradientRows(
  design: usize, width: i32, targets: usize, vectors: i32, classes: i32,
  probabilities: usize, gradient: usize, first: i32, last: i32,
): void {
  const skip = classes - vectors;
  for (let row = first; row < last; row++) {
    const x = design + ((<usize>row * width) << 3);
    const p = probabilities + ((<usize>row * classes) << 3);
    const target = load<i32>(targets + (<usize>row << 2));
    for (let v = 0; v < vectors; v++) {
      const c = v + skip;
      const error = load<f64>(p + (<usize>c << 3)) - (c == target ? 1.0 : 0.0);
      addScaled(gradient + ((<usize>v * width) << 3), error, x, width);
    }
  }
}

/** lossSum / rows + ridge / 2 * |weights|^2, intercepts (column 0) left out. */
export function objective(lossSum: f64, rows: f64, ridge: f64, weights: usize, vectors: i32, width: i32): f64 {
  let squares: f64 = 0;
  for (let v = 0; v < vectors; v++) {
    for (let j = 1; j < width; j++) {
      const w = load<f64>(weights + ((<usize>v * width + j) << 3));
      squares += w * w;
    }
  }
  return lossSum / rows + 0.5 * ridge * squares;
}

/** gradient = gradient / rows + ridge * weights, intercepts left out of the penalty. */
export function finishGradient(gradient: usize, rows: f64, ridge: f64, weights: usize, vectors: i32, width: i32): void {
  for (let v = 0; v < vectors; v++) {
    for (let j = 0; j < width; j++) {
      const at = (<usize>v * width + j) << 3;
      let value = load<f64>(gradient + at) / rows;
      if (j > 0) value += ridge * load<f64>(weights + at);
      store<f64>(gradient + at, value);
    }
  }
}
