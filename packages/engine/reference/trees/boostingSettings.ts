import type { Data } from '../learner.ts';

/** The parameters of boosting, with "no limit" as infinity. */
export function boostingSettings({ parameters, rows }: Data): {
  rate: number; iterations: number; mostLeaves: number; mostDepth: number; leastRows: number; l2: number; maxBins: number; seed: number; balanced: boolean; stops: boolean; fraction: number; patience: number; tolerance: number; signs: number[];
} {
  const number = (name: string): number => Number(parameters[name] ?? Infinity);
  const signs = parameters['monotonic_cst'];
  return {
    rate: number('learning_rate'), iterations: number('max_iter'), mostLeaves: number('max_leaf_nodes'), mostDepth: number('max_depth'),
    leastRows: number('min_samples_leaf'), l2: number('l2_regularization'), maxBins: number('max_bins'), seed: number('random_state'),
    balanced: parameters['class_weight'] === 'balanced',
    stops: parameters['early_stopping'] === 'on' || (parameters['early_stopping'] === 'auto' && rows.length > 10_000),
    fraction: number('validation_fraction'), patience: number('n_iter_no_change'), tolerance: number('tol'),
    signs: Array.isArray(signs) ? signs : [0],
  };
}
