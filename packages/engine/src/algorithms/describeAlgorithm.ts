import type { Parameter } from '../spec/parameters.ts';
import type { Preprocess } from '../spec/types.ts';
import type { Algorithm, Task } from './algorithm.ts';

/** An algorithm as plain JSON: all that a form needs. */
export type AlgorithmInfo = {
  name: string;
  title: string;
  about: string;
  tasks: Task[];
  parameters: Parameter[];
  preprocess: Preprocess;
  takesMissing: boolean;
  takesWeights: boolean;
  copiesRows: boolean;
  smallestLeaf: string | null;
};

/** An algorithm without its code, for the API and the command line. */
export function describeAlgorithm(algorithm: Algorithm): AlgorithmInfo {
  const { name, title, about, tasks, parameters, preprocess, takesMissing, takesWeights, copiesRows, smallestLeaf = null } = algorithm;
  return { name, title, about, tasks: [...tasks], parameters: [...parameters], preprocess, takesMissing, takesWeights, copiesRows, smallestLeaf };
}
