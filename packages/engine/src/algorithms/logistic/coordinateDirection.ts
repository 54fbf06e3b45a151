import { allocate, doubles } from '../../kernels/index.ts';
import type { Pause } from '../../run/pause.ts';
import type { Newton } from './newtonState.ts';

const MOST_SWEEPS = 1_000;
/** A sweep that changes no weight by more than this share of the largest weight is the last. */
const TOLERANCE = 2 ** -30;

/**
 * Newton's step with an l1 penalty: coordinate descent on the quadratic model at the weights. Source: Lee, Sun,
 * Saunders, "Proximal Newton-type methods for minimizing composite functions", SIAM J. Optim. 24 (2014).
 */
export async function coordinateDirection(newton: Newton, pause: Pause): Promise<{ direction: Float64Array; promise: number }> {
  const { team: { kernels }, solver, weights, gradient, size, width, free, l1 } = newton;
  newton.coordinates ??= { product: allocate(kernels, size * 8), weights: allocate(kernels, size * 8) };
  const { product, weights: own } = newton.coordinates;
  // Without a shift the upper triangle is the lower one's mirror image.
  kernels.startFactor(solver.matrix, solver.diagonal, 0, size);
  doubles(kernels, solver.right, size).set(gradient);
  doubles(kernels, own, size).set(weights);
  kernels.clear(solver.out, size);
  kernels.clear(product, size);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
    const change = kernels.coordinateSweep(solver.matrix, solver.right, product, solver.out, own, l1, size, width, free);
    await pause();
    const most = doubles(kernels, solver.out, size).reduce((most, moved, index) => Math.max(most, Math.abs((weights[index] ?? 0) + moved)), 0);
    if (change <= TOLERANCE * most) break;
  }
  const direction = doubles(kernels, solver.out, size).map((moved) => -moved);
  let promise = 0;
  for (const [index, moved] of direction.entries()) {
    const weight = weights[index] ?? 0;
    promise += (gradient[index] ?? 0) * moved;
    if (index % width >= free) promise += l1 * (Math.abs(weight) - Math.abs(weight - moved));
  }
  return { direction, promise };
}
