import { createCellDigest } from '../cellDigest.ts';
import type { CsvPart } from '../csvPieces.ts';
import { hazardOf } from '../hazard.ts';
import { isMissingValue, valueNumber, valueText } from '../putValue.ts';
import { neither } from '../tally.ts';
import { type TableRecord, walkElements, walkNdjson } from '../walkRecords.ts';
import { LOOKED_THROUGH, createColumns, stateOf } from './columns.ts';
import { countText } from './commonest.ts';
import { type Lane, createCsvLane } from './csvLane.ts';
import { isSampled, meetValue } from './distinct.ts';
import { createFastCsvLane } from './fastCsvLane.ts';
import { strideOf } from './parts.ts';
import { type StreamedColumn, addNumber } from './streamedColumn.ts';

/** What all lanes of a table know before its rows. Of CSV: the header's names; parts are in the usual dialect. Of JSON parts are elements, as `jsonParts` cuts them. */
export type LaneSetup = { format: 'csv'; names: string[] } | { format: 'ndjson' | 'json' };

export function createLane(setup: LaneSetup): Lane {
  if (setup.format === 'csv') return createFastCsvLane(setup.names) ?? createCsvLane(setup.names);
  return createRecordLane(setup.format === 'json' ? (part, begin) => walkElements(part.bytes, { count: part.rows, before: part.before }, begin) : (part, begin) => walkNdjson(part.bytes, begin, part.before));
}

type WalkPart = (part: CsvPart, begin: () => (row: number, record: TableRecord) => void) => { rows: number };

function createRecordLane(walk: WalkPart): Lane {
  const columns = createColumns(0);
  const known = new Map<string, StreamedColumn>();
  const digest = createCellDigest();
  let rows = 0;
  return {
    take: (part, takeRow) => {
      const { before } = part;
      const stride = strideOf(part.rows);
      rows += walk(part, () => (row, record) => {
        let [low, high] = [0, 0];
        for (const [name, value] of Object.entries(record)) {
          let column = known.get(name);
          if (column === undefined) {
            column = columns.add(name, before + row);
            known.set(name, column);
          }
          if (isMissingValue(value)) continue;
          addValue(column, { row: before + row, value, stride: (row % stride === 0) ? stride : 0 }, digest);
          low = (low + digest.low) >>> 0;
          high = (high + digest.high) >>> 0;
        }
        takeRow?.(low, high);
      }).rows;
    },
    state: () => stateOf(columns, rows, 0),
  };
}

/** A typed value that is not missing. `stride`: of how many rows the row is looked at closely; 0 where it is not. Leaves the value's digest in `digest`. */
export function addValue({ state, personal }: StreamedColumn, { row, value, stride }: { row: number; value: unknown; stride: number }, digest: ReturnType<typeof createCellDigest>): void {
  const number = valueNumber(value);
  const text = valueText(value);
  if (number === undefined && text === undefined) throw neither(state.name, row);
  if (text === undefined) state.odd ??= row;
  state.present += 1;
  const written = text ?? String(number);
  if (number === undefined) {
    state.numeric = false;
    state.hazard ??= hazardOf(written);
  } else if (state.numeric) addNumber(state, number);
  digest.value(value);
  if (meetValue(state.distinct, digest.low, digest.high) && isSampled(state.distinct, digest.low, LOOKED_THROUGH)) personal.look(written);
  if (stride > 0) countText(state.commonest, written, stride, state.numeric);
}
