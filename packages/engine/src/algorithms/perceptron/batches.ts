import { type ParameterValues, flagOf, numberOf, optionalNumberOf } from '../../spec/parameters.ts';

/** Train rows are dealt out in four groups, whatever the number of threads; each batch takes rows of all four. */
export const groups = 4;

/** At least so many batches make a step, so that a checkpoint costs little beside it. */
const BATCHES_A_STEP = 32;
const MOST_STEPS = 50_000;

/** Of the train rows, where early stopping holds some out and nobody says how many. */
export const usualFraction = 0.1;

export type Plan = {
  /** Rows that are learned from: the train rows, less those held out. */
  rows: number;
  /** Rows of a batch at most. */
  size: number;
  /** Batches of an epoch. */
  batches: number;
  /** Batches of a step; the last one of an epoch may have fewer. */
  perStep: number;
  stepsPerEpoch: number;
  /** Rows of a group in a batch at most. */
  groupRows: number;
};

/** How many batches an epoch has, and how many a step makes. */
export function planOf(parameters: ParameterValues, trainRows: number): Plan {
  const rows = trainRows - heldRows(parameters, trainRows);
  const size = Math.min(optionalNumberOf(parameters, 'batch_size') ?? 200, rows);
  const batches = Math.ceil(rows / size);
  const perStep = Math.min(batches, Math.max(BATCHES_A_STEP, Math.ceil((numberOf(parameters, 'max_iter') * batches) / MOST_STEPS)));
  return { rows, size, batches, perStep, stepsPerEpoch: Math.ceil(batches / perStep), groupRows: Math.ceil(Math.ceil(rows / groups) / batches) + 1 };
}

/** How many train rows early stopping holds out: the fraction, rounded up, and one row is left to learn from. */
export function heldRows(parameters: ParameterValues, trainRows: number): number {
  if (!flagOf(parameters, 'early_stopping')) return 0;
  const fraction = parameters['validation_fraction'] === undefined ? usualFraction : numberOf(parameters, 'validation_fraction');
  return Math.min(trainRows - 1, Math.ceil(trainRows * fraction));
}

/** The first row of a group, of so many rows that are learned from. */
export function groupStart(rows: number, group: number): number {
  return Math.floor((rows * group) / groups);
}

/** Which places [first, last) of a group's shuffled rows a batch takes: all groups in equal shares, in turns where these are small. */
export function placesOf(parameters: { rows: number; batches: number; group: number; batch: number }): [first: number, last: number] {
  const { rows, batches, group, batch } = parameters;
  const own = groupStart(rows, group + 1) - groupStart(rows, group);
  const place = (index: number): number => Math.floor((groups * own * index + group * batches) / (groups * batches));
  return [place(batch), Math.min(own, place(batch + 1))];
}
