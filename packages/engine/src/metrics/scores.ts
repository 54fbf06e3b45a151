import type { Task } from '../spec/types.ts';

/** A score as pages show it. */
export type Score = {
  /** Its key in `Metrics.scores`. */
  name: string;
  title: string;
  /** What it says, in a sentence. */
  help: string;
  better: 'higher' | 'lower';
};

const scoresByTask: Record<Task, readonly Score[]> = {
  classification: [
    { name: 'accuracy', title: 'Accuracy', help: 'The share of rows whose most likely class is the right one.', better: 'higher' },
    { name: 'balancedAccuracy', title: 'Balanced accuracy', help: 'The share of rows found in each class, averaged over the classes: rare classes count as much as frequent ones.', better: 'higher' },
    { name: 'f1', title: 'F1', help: 'For each class the harmonic mean of precision and recall, averaged over the classes.', better: 'higher' },
    { name: 'rocAuc', title: 'ROC AUC', help: 'How often a row of the class gets a higher probability than a row of another one: 0.5 is chance, 1 is never wrong. Averaged over the classes if there are more than two.', better: 'higher' },
    { name: 'prAuc', title: 'PR AUC', help: 'Average precision over all thresholds: telling where the class is rare. Averaged over the classes if there are more than two.', better: 'higher' },
    { name: 'logLoss', title: 'Log loss', help: 'Minus the logarithm of the probability given to the right class, on average: confident mistakes cost most.', better: 'lower' },
    { name: 'brier', title: 'Brier score', help: 'The squared distance of the probabilities from what happened, on average.', better: 'lower' },
  ],
  regression: [
    { name: 'r2', title: 'R²', help: 'The share of the variance that is explained: 1 is perfect, 0 is no better than the mean.', better: 'higher' },
    { name: 'rmse', title: 'RMSE', help: 'The root of the mean squared error, in the unit of the target: large errors count more.', better: 'lower' },
    { name: 'mae', title: 'MAE', help: 'The mean absolute error, in the unit of the target.', better: 'lower' },
  ],
  clustering: [
    { name: 'silhouette', title: 'Silhouette', help: 'How much nearer rows are to their own cluster than to the next one: from -1 to 1, on at most 2,000 test rows.', better: 'higher' },
    { name: 'inertiaPerRow', title: 'Inertia per row', help: 'The squared distance of a row to the centre of its cluster, on average, over the encoded columns.', better: 'lower' },
  ],
  reduction: [
    { name: 'explainedVariance', title: 'Explained variance', help: 'The share of the train rows\' variance that the components keep.', better: 'higher' },
  ],
};

/** The scores of a task in the order in which pages show them, the main one first. */
export function scoresOf(task: Task): readonly Score[] {
  return scoresByTask[task];
}
