import type { TableKernels } from '../tableKernels.ts';
import { makeRoom } from './distinct.ts';
import { countNumber } from './grid.ts';
import type { ColumnLimits } from './limits.ts';
import type { StreamedColumn } from './streamedColumn.ts';

/** A column in the module's memory, see `assembly/table/column.ts`: so many doubles, and whole numbers behind them. */
const DOUBLES = 9;
const WORDS = 6;
const [PRESENT, FROM, SUM, SQUARES, MIN, MAX, SCALE, FIRST, LIMIT] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
const [USED, MASK, NUMERIC, HAZARD, SLOTS, COUNTS] = [0, 1, 2, 3, 4, 5] as const;

/** Columns whose figures lie in the module's memory, for what is done with them here. */
export type ColumnMemory = {
  /** Counts a number that the module's grid has no cell for. */
  count(index: number, value: number): void;
  /** As `makeRoom`. */
  crowd(index: number): void;
  /** Puts all figures into the columns' states: copies, since what is sent to another thread takes the memory along that it lies in. */
  pull(): void;
};

/** Views are taken anew each time: they die when the memory grows. */
export function createColumnMemory(kernels: TableKernels, list: readonly StreamedColumn[], limits: ColumnLimits): ColumnMemory {
  const stateAt = (index: number): StreamedColumn['state'] => (list[index] as StreamedColumn).state;
  const doublesOf = (index: number): Float64Array => new Float64Array(kernels.memory.buffer, kernels.columnAt(index) >>> 0, DOUBLES);
  const wordsOf = (index: number): Uint32Array => new Uint32Array(kernels.memory.buffer, (kernels.columnAt(index) >>> 0) + DOUBLES * 8, WORDS);
  const numbersAt = (at: number | undefined, length: number): Float64Array => new Float64Array(kernels.memory.buffer, at, length);
  const pullGrid = (index: number): void => {
    const [{ grid }, doubles] = [stateAt(index), doublesOf(index)];
    grid.min = doubles[MIN] as number;
    grid.max = doubles[MAX] as number;
    if (grid.scale !== 0) grid.counts = numbersAt(wordsOf(index)[COUNTS], limits.cells);
  };
  const pushGrid = (index: number): void => {
    const [{ grid }, doubles] = [stateAt(index), doublesOf(index)];
    if (grid.scale === 0) return;
    doubles[SCALE] = grid.scale;
    doubles[FIRST] = grid.first;
    numbersAt(wordsOf(index)[COUNTS], limits.cells).set(grid.counts);
  };
  const pullDistinct = (index: number): void => {
    const [{ distinct }, words] = [stateAt(index), wordsOf(index)];
    distinct.used = words[USED] as number;
    distinct.slots = numbersAt(words[SLOTS], (words[MASK] as number) + 1);
  };
  const pushDistinct = (index: number): void => {
    const [{ distinct }, words] = [stateAt(index), wordsOf(index)];
    doublesOf(index)[LIMIT] = distinct.limit;
    words[USED] = distinct.used;
    words[MASK] = distinct.slots.length - 1;
    numbersAt(words[SLOTS], distinct.slots.length).set(distinct.slots);
  };
  const pull = (index: number): void => {
    const [state, doubles] = [stateAt(index), doublesOf(index)];
    pullGrid(index);
    pullDistinct(index);
    state.grid.counts = state.grid.counts.slice();
    state.distinct.slots = state.distinct.slots.slice();
    state.present = doubles[PRESENT] as number;
    state.from = doubles[FROM] as number;
    state.sum = doubles[SUM] as number;
    state.squares = doubles[SQUARES] as number;
    state.numeric = wordsOf(index)[NUMERIC] !== 0;
  };
  for (const [index, { state }] of list.entries()) wordsOf(index)[HAZARD] = state.hazard === undefined ? 0 : 1;
  return {
    count: (index, value) => {
      pullGrid(index);
      countNumber(stateAt(index).grid, value);
      pushGrid(index);
    },
    crowd: (index) => {
      pullDistinct(index);
      makeRoom(stateAt(index).distinct);
      pushDistinct(index);
    },
    pull: () => {
      for (const index of list.keys()) pull(index);
    },
  };
}
