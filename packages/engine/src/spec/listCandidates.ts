import { streamOf, uniformAt } from '../algorithms/random.ts';
import { sharedKernels } from '../kernels/index.ts';
import type { ParameterValues } from './parameters.ts';
import { combinationsOf } from './selection.ts';
import type { Search } from './types.ts';

/**
 * What a search tries, in order; only the parameters that it names. Combinations are numbered as scikit-learn's
 * ParameterGrid does: names sorted, the last one's values change fastest. A random search draws numbers by its seed, and
 * those drawn before are passed over.
 */
export function listCandidates(search: Search): ParameterValues[] {
  const { parameters, iterations, seed } = search;
  const combinations = combinationsOf(parameters);
  if (iterations === null) return Array.from({ length: combinations }, (_, number) => combinationOf(parameters, number));
  const kernels = sharedKernels();
  const stream = streamOf(kernels, seed, 0);
  const drawn = new Set<number>();
  for (let index = 0; drawn.size < iterations; index += 1) drawn.add(Math.floor(uniformAt(kernels, stream, index) * combinations));
  return [...drawn].map((number) => combinationOf(parameters, number));
}

function combinationOf(parameters: Search['parameters'], number: number): ParameterValues {
  const chosen: ParameterValues = {};
  let rest = number;
  for (const name of Object.keys(parameters).sort().toReversed()) {
    const values = parameters[name] ?? [];
    chosen[name] = values[rest % values.length] ?? null;
    rest = Math.floor(rest / values.length);
  }
  return chosen;
}
