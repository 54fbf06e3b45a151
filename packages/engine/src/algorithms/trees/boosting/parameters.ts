import type { Parameter } from '../../../spec/parameters.ts';

/** Names, defaults and meanings are those of scikit-learn's HistGradientBoosting. */
export const boostingParameters: readonly Parameter[] = [
  { name: 'learning_rate', kind: 'number', title: 'Learning rate', help: 'How much of each tree is added. Smaller ones need more iterations.', default: 0.1, least: 1e-6, most: 10 },
  { name: 'max_iter', kind: 'integer', title: 'Iterations', help: 'Trees at most; with more than two classes, trees for each class.', default: 100, least: 1, most: 10_000 },
  { name: 'max_leaf_nodes', kind: 'integer', title: 'Most leaves', help: 'Leaves of each tree at most. The leaf that helps most is split first.', default: 31, least: 2, most: 65_536, orNull: 'no limit' },
  { name: 'max_depth', kind: 'integer', title: 'Most levels', help: 'Splits on the way from the root to a leaf at most.', default: null, least: 1, most: 1_000, orNull: 'no limit' },
  { name: 'min_samples_leaf', kind: 'integer', title: 'Least rows of a leaf', help: 'A split must leave so many rows on both sides.', default: 20, least: 1, most: 1_000_000_000 },
  { name: 'l2_regularization', kind: 'number', title: 'L2 penalty', help: 'Makes the values of leaves smaller. 0 is none.', default: 0, least: 0, most: 1e12 },
  { name: 'max_bins', kind: 'integer', title: 'Most bins', help: 'Into so many groups are the numbers of a column sorted, at quantiles; missing ones have their own.', default: 255, least: 2, most: 255 },
  { name: 'early_stopping', kind: 'choice', title: 'Early stopping', help: 'Whether training ends when a part of the train rows, held out, is predicted no better.', default: 'auto', options: [
    { value: 'auto', help: 'With more than 10,000 train rows.' }, { value: 'on', help: 'Always.' }, { value: 'off', help: 'Never.' },
  ] },
  { name: 'validation_fraction', kind: 'number', title: 'Rows held out', help: 'Share of the train rows that early stopping holds out, drawn by a hash of their number and random_state.', default: 0.1, least: 1e-6, most: 0.9 },
  { name: 'n_iter_no_change', kind: 'integer', title: 'Patience', help: 'Early stopping ends training when so many iterations have brought nothing.', default: 10, least: 1, most: 10_000 },
  { name: 'tol', kind: 'number', title: 'Tolerance', help: 'What early stopping counts as better must be better by more than this.', default: 1e-7, least: 0, most: 1e9 },
  { name: 'monotonic_cst', kind: 'integers', title: 'Monotone constraints', help: '1: the prediction never falls where the column grows; -1: never rises; 0: free. One for each encoded column, or one for all. With two classes it is about the second one.', default: [0], least: -1, most: 1, longest: 10_000 },
  { name: 'class_weight', kind: 'choice', title: 'Class weights', help: 'How much each class counts. Classification only.', default: 'none', options: [
    { value: 'none', help: 'Every row alike.' }, { value: 'balanced', help: 'Rare classes count more, so that all count alike.' },
  ] },
  { name: 'random_state', kind: 'integer', title: 'Seed', help: 'Draws the rows that early stopping holds out.', default: 0, least: 0, most: Number.MAX_SAFE_INTEGER },
];
