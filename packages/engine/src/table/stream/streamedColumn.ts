import { type Hazard, hazardOf } from '../hazard.ts';
import { type PersonalFinding, type PersonalScan, createPersonalScan } from '../personal/scanPersonal.ts';
import type { ColumnProfile } from '../tally.ts';
import { type Commonest, createCommonest, mergeCommonest, narrowCommonest, topTexts } from './commonest.ts';
import { type Distinct, countDistinct, createDistinct, mergeDistinct, narrowDistinct } from './distinct.ts';
import { type Grid, countNumber, createGrid, describeGrid, meanOfGrid, mergeGrid, narrowGrid } from './grid.ts';
import type { ColumnLimits } from './limits.ts';

/** What is kept of a column while its table passes by, in a size that does not grow with the table. Plain data, so that threads can send it. */
export type ColumnState = {
  name: string;
  /** The row, from 0, in which it first stood. */
  since: number;
  present: number;
  numeric: boolean;
  /** By their digests, in which a number is the same however it is written. */
  distinct: Distinct;
  grid: Grid;
  commonest: Commonest;
  /** Of the numbers: the first one, and sums of the others' distances from it. */
  from: number;
  sum: number;
  squares: number;
  personal: PersonalFinding[];
  hazard: Hazard | undefined;
  /** The first row, from 0, whose value is a number that has no text of its own. */
  odd: number | undefined;
};

/** A column that cells are given to. */
export type StreamedColumn = { state: ColumnState; personal: PersonalScan };

export function createStreamedColumn(name: string, since: number, { distinct, cells, texts }: ColumnLimits): StreamedColumn {
  return {
    state: {
      name, since, present: 0, numeric: true, distinct: createDistinct(distinct), grid: createGrid(cells), commonest: createCommonest(texts),
      from: 0, sum: 0, squares: 0, personal: [], hazard: hazardOf(name), odd: undefined,
    },
    personal: createPersonalScan(name),
  };
}

/** Counts a number of a column that held nothing else so far. */
export function addNumber(state: ColumnState, value: number): void {
  if (state.grid.min > state.grid.max) state.from = value;
  const distance = value - state.from;
  state.sum += distance;
  state.squares += distance * distance;
  countNumber(state.grid, value);
}

export function narrowColumn({ distinct, grid, commonest }: ColumnState, limits: ColumnLimits): void {
  narrowDistinct(distinct, limits.distinct);
  narrowGrid(grid, limits.cells);
  narrowCommonest(commonest, limits.texts);
}

/** Puts one part of a column into the part before it. */
export function mergeColumn(into: ColumnState, other: ColumnState): void {
  mergeMoments(into, other);
  mergeDistinct(into.distinct, other.distinct);
  mergeCommonest(into.commonest, other.commonest);
  into.numeric &&= other.numeric;
  if (into.numeric && other.grid.min <= other.grid.max) mergeGrid(into.grid, other.grid);
  into.since = Math.min(into.since, other.since);
  into.present += other.present;
  into.hazard ??= other.hazard;
  if (other.odd !== undefined) into.odd = Math.min(into.odd ?? Infinity, other.odd);
  for (const finding of other.personal) {
    const known = into.personal.find(({ kind }) => kind === finding.kind);
    if (known) known.values += finding.values;
    else into.personal.push(finding);
  }
}

/** Source: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979. */
function mergeMoments(into: ColumnState, other: ColumnState): void {
  if (other.present === 0) return;
  if (into.present === 0) into.from = other.from;
  // The other's distances, from where this one's are taken.
  const apart = other.from - into.from;
  into.squares += other.squares + 2 * apart * other.sum + other.present * apart * apart;
  into.sum += other.sum + other.present * apart;
}

/** What a column is described by, once all rows have passed. Numbers of different values above the limit, quartiles and commonest texts are estimates. */
export function describeColumn(state: ColumnState, rows: number): ColumnProfile {
  const { name, present, distinct, personal, hazard } = state;
  const common = { name, missing: rows - present, distinct: countDistinct(distinct, present) };
  const told = { estimated: true as const, ...(personal.length > 0 ? { personal: personal.toSorted((a, b) => b.values - a.values) } : {}), ...(hazard ? { hazard } : {}) };
  if (!state.numeric || present === 0) return { ...common, kind: 'categorical', top: topTexts(state.commonest, present), ...told };
  const { min, max } = state.grid;
  const { mean, deviation } = momentsOf(state);
  return { ...common, kind: 'numeric', min, max, mean, ...(Number.isFinite(deviation) ? { deviation } : {}), ...describeGrid(state.grid), ...told };
}

function momentsOf({ from, sum, squares, present, grid }: ColumnState): { mean: number; deviation: number } {
  const shift = sum / present;
  const deviation = Math.sqrt(Math.max(0, squares / present - shift * shift));
  const mean = from + shift;
  // Where the sum is too large for a number, the cells tell it.
  return { mean: Math.min(grid.max, Math.max(grid.min, Number.isFinite(mean) ? mean : meanOfGrid(grid))), deviation };
}
