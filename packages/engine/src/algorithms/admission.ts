import type { TrainSpec } from '../spec/types.ts';
import { algorithms } from './index.ts';

/** Fewest rows of a tree's leaf on data that is trained on without being read, unless the publisher names another number. */
export const defaultSmallestLeaf = 20;

/** What a publisher admits to data that is trained on without being read. */
export type Admission = {
  /** Names of algorithms. */
  algorithms: readonly string[];
  /** Fewest rows of a tree's leaf; {@link defaultSmallestLeaf} if left out. */
  smallestLeaf?: number | undefined;
};

/** The algorithms whose models hold no rows of the data: what is admitted unless the publisher chooses. */
export function admittedByDefault(): string[] {
  return algorithms.filter(({ copiesRows }) => !copiesRows).map(({ name }) => name);
}

/**
 * Why a spec may not run on data with these terms, as a sentence; undefined where it may. A leaf of few rows
 * tells what stood in them.
 */
export function findInadmissible(spec: Pick<TrainSpec, 'algorithm' | 'parameters' | 'search'>, admission: Admission): string | undefined {
  if (!admission.algorithms.includes(spec.algorithm)) {
    return `The publisher does not admit ${spec.algorithm} to this data: choose ${admission.algorithms.join(' or ') || 'another offer, for this one admits none'}.`;
  }
  const leaf = leafRule(spec.algorithm, admission);
  if (leaf === undefined) return undefined;
  const { [leaf.parameter]: own = defaultOf(spec.algorithm, leaf.parameter) } = spec.parameters;
  const tooSmall = [own, ...(spec.search?.parameters[leaf.parameter] ?? [])].filter((value) => !(typeof value === 'number' && value >= leaf.least));
  if (tooSmall.length === 0) return undefined;
  return `${leaf.parameter} is ${String(tooSmall[0])}: on this data it must be at least ${leaf.least}, so that no leaf of a tree tells of single rows.`;
}

/** The parameter of an algorithm that these terms bound from below, and by what; undefined where they bound none. */
export function leafRule(algorithm: string, { smallestLeaf = defaultSmallestLeaf }: Admission): { parameter: string; least: number } | undefined {
  const parameter = algorithms.find(({ name }) => name === algorithm)?.smallestLeaf;
  return parameter === undefined || smallestLeaf <= 1 ? undefined : { parameter, least: smallestLeaf };
}

function defaultOf(algorithm: string, parameter: string): unknown {
  return algorithms.find(({ name }) => name === algorithm)?.parameters.find(({ name }) => name === parameter)?.default;
}
