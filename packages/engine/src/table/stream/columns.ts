import { expectColumns } from '../tally.ts';
import { type ColumnLimits, limitsOf } from './limits.ts';
import { type ColumnState, type StreamedColumn, createStreamedColumn, narrowColumn } from './streamedColumn.ts';

/** What one lane found in its parts. Plain data. */
export type LaneState = { columns: ColumnState[]; rows: number; /** Of CSV: cells that a spreadsheet may run, see `countRunCells`. */ runCells: number };

export type Columns = { list: StreamedColumn[]; limits: ColumnLimits; add(name: string, since: number): StreamedColumn };

/** The part of the different values that is looked through for data about people. */
export const LOOKED_THROUGH = 1 / 8;

export function createColumns(expected: number): Columns {
  const columns: Columns = {
    list: [], limits: limitsOf(expected),
    add: (name, since) => {
      expectColumns(columns.list.length + 1, name);
      const limits = limitsOf(Math.max(expected, columns.list.length + 1));
      if (limits !== columns.limits) for (const { state } of columns.list) narrowColumn(state, limits);
      columns.limits = limits;
      const column = createStreamedColumn(name, since, limits);
      columns.list.push(column);
      return column;
    },
  };
  return columns;
}

export function stateOf({ list }: Columns, rows: number, runCells: number): LaneState {
  return { columns: list.map(({ state, personal }) => ({ ...state, personal: personal.found() })), rows, runCells };
}
