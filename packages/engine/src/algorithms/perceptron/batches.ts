import { type ParameterValues, numberOf, optionalNumberOf } from '../../spec/parameters.ts';

/** Train rows are dealt out in four groups, whatever the number of threads; each batch takes rows of all four. */
export const groups = 4;

/** At least so many batches make a step, so that a checkpoint costs little beside it. */
const BATCHES_A_STEP = 32;
const MOST_STEPS = 50_000;

export type Plan = {
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
  const size = Math.min(optionalNumberOf(parameters, 'batch_size') ?? 200, trainRows);
  const batches = Math.ceil(trainRows / size);
  const perStep = Math.min(batches, Math.max(BATCHES_A_STEP, Math.ceil((numberOf(parameters, 'max_iter') * batches) / MOST_STEPS)));
  return { size, batches, perStep, stepsPerEpoch: Math.ceil(batches / perStep), groupRows: Math.ceil(Math.ceil(trainRows / groups) / batches) + 1 };
}

/** The first row of a group. */
export function groupStart(trainRows: number, group: number): number {
  return Math.floor((trainRows * group) / groups);
}

/** Which places [first, last) of a group's shuffled rows a batch takes: all groups in equal shares, in turns where these are small. */
export function placesOf(parameters: { trainRows: number; batches: number; group: number; batch: number }): [first: number, last: number] {
  const { trainRows, batches, group, batch } = parameters;
  const rows = groupStart(trainRows, group + 1) - groupStart(trainRows, group);
  const place = (index: number): number => Math.floor((groups * rows * index + group * batches) / (groups * batches));
  return [place(batch), Math.min(rows, place(batch + 1))];
}
