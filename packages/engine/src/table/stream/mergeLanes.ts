import { EngineError } from '../../errors.ts';
import { readNumber } from '../cell.ts';
import { checkNames } from '../csv.ts';
import { type TableProfile, neither } from '../tally.ts';
import type { LaneState } from './columns.ts';
import { RUN } from './csvLane.ts';
import { limitsOf } from './limits.ts';
import { type ColumnState, describeColumn, mergeColumn, narrowColumn } from './streamedColumn.ts';

export type StreamedProfile = TableProfile & { runCells: number };

/**
 * Describes a table by what its lanes found, in the order of the lanes.
 *
 * @throws EngineError EMPTY_FILE, EMPTY_COLUMN_NAME, DUPLICATE_COLUMN, BAD_NUMBER
 */
export function mergeLanes(lanes: readonly LaneState[]): StreamedProfile {
  const rows = lanes.reduce((sum, lane) => sum + lane.rows, 0);
  if (rows === 0) throw new EngineError('EMPTY_FILE', 'The file is empty: a table needs at least one row.');
  const columns = new Map<string, ColumnState>();
  for (const state of lanes.flatMap((lane) => lane.columns)) {
    const known = columns.get(state.name);
    if (known) mergeColumn(known, state);
    else columns.set(state.name, state);
  }
  const ordered = [...columns.values()].sort((a, b) => a.since - b.since);
  const names = ordered.map(({ name }) => name);
  checkNames(names);
  const described = ordered.map((state) => {
    narrowColumn(state, limitsOf(ordered.length));
    const profile = describeColumn(state, rows);
    if (profile.kind === 'categorical' && state.odd !== undefined) throw neither(state.name, state.odd);
    return profile;
  });
  const runNames = names.filter((name) => RUN.has(name.charCodeAt(0)) && readNumber(name) === undefined).length;
  return { rows, columns: described, runCells: lanes.reduce((sum, lane) => sum + lane.runCells, runNames) };
}
