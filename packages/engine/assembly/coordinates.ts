import { addScaled } from './vectors';

/**
 * One sweep of coordinate descent on g.d + d.Hd / 2 + l1 |w + d|, the first `free` of every `width` weights being
 * without l1. hessian: [size, size], all of it; product = H d, kept up to date. Returns the largest change.
 * Source: Friedman, Hastie, Tibshirani, "Regularization paths for generalized linear models via coordinate
 * descent", Journal of Statistical Software 33 (2010), (5).
 */
export function coordinateSweep(
  hessian: usize, gradient: usize, product: usize, direction: usize, weights: usize, l1: f64, size: i32, width: i32, free: i32,
): f64 {
  let most: f64 = 0;
  for (let j = 0; j < size; j++) {
    const at = <usize>j << 3;
    const row = hessian + <usize>j * (<usize>size << 3);
    const curvature = load<f64>(row + at);
    if (!(curvature > 0)) continue;
    const before = load<f64>(weights + at) + load<f64>(direction + at);
    const aim = curvature * before - (load<f64>(gradient + at) + load<f64>(product + at));
    const penalty = j % width < free ? 0 : l1;
    const after = aim > penalty ? (aim - penalty) / curvature : aim < -penalty ? (aim + penalty) / curvature : 0;
    const change = after - before;
    if (change == 0) continue;
    store<f64>(direction + at, load<f64>(direction + at) + change);
    addScaled(product, change, row, size);
    if (abs(change) > most) most = abs(change);
  }
  return most;
}
