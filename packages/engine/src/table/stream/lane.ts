import { isDecimalField, isMissingField, readNumber, readPlainNumber } from '../cell.ts';
import { createCellDigest } from '../cellDigest.ts';
import { type Field, fieldText, walkCsv } from '../csv.ts';
import type { CsvPart } from '../csvPieces.ts';
import { hazardOf } from '../hazard.ts';
import { expectColumns, neither } from '../tally.ts';
import { isMissingValue, valueNumber, valueText } from '../putValue.ts';
import { type TableRecord, walkElements, walkNdjson } from '../walkRecords.ts';
import { countText } from './commonest.ts';
import { isSampled, meetValue } from './distinct.ts';
import { type ColumnLimits, limitsOf } from './limits.ts';
import { strideOf } from './parts.ts';
import { type ColumnState, type StreamedColumn, addNumber, createStreamedColumn, narrowColumn } from './streamedColumn.ts';

/** What one lane found in its parts. Plain data. */
export type LaneState = { columns: ColumnState[]; rows: number; /** Of CSV: cells that a spreadsheet may run, see `countRunCells`. */ runCells: number };

/** Describes parts of a table, one after the other. `row`: is told the digest of each row, as `walkRowDigests` tells it. */
export type Lane = { take(part: CsvPart, row?: TakeRow): void; state(): LaneState };
export type TakeRow = (low: number, high: number) => void;

/** What all lanes of a table know before its rows. Of CSV: the header's names; parts are in the usual dialect. Of JSON parts are elements, as `jsonParts` cuts them. */
export type LaneSetup = { format: 'csv'; names: string[] } | { format: 'ndjson' | 'json' };

/** The part of the different values that is looked through for data about people. */
const LOOKED_THROUGH = 1 / 8;

export function createLane(setup: LaneSetup): Lane {
  if (setup.format === 'csv') return createCsvLane(setup.names);
  return createRecordLane(setup.format === 'json' ? (part, begin) => walkElements(part.bytes, { count: part.rows, before: part.before }, begin) : (part, begin) => walkNdjson(part.bytes, begin, part.before));
}

export type Columns = { list: StreamedColumn[]; limits: ColumnLimits; add(name: string, since: number): StreamedColumn };

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

function createCsvLane(names: readonly string[]): Lane {
  const columns = createColumns(names.length);
  for (const name of names) columns.add(name, 0);
  const digest = createCellDigest();
  let [rows, runCells] = [0, 0];
  return {
    take: ({ bytes, before, rows: within }, takeRow) => {
      const stride = strideOf(within);
      const nul = bytes.includes(0);
      const last = names.length - 1;
      const { list } = columns;
      let [low, high] = [0, 0];
      let close = false;
      const cell = ({ state, personal }: StreamedColumn, field: Field): void => {
        const { start, end } = field;
        if (isMissingField(bytes, start, end)) return;
        state.present += 1;
        const value = numberAt(bytes, field);
        if (value === undefined) {
          const first = bytes[start] as number;
          if (state.numeric) state.numeric = false;
          if (field.doubled || !digest.ascii(bytes, start, end)) digest.text(fieldText(bytes, field));
          if (first <= 64 && RUN.has(first)) runCells += 1;
          if (state.hazard === undefined && (nul || first <= 45 || (first >= 61 && first <= 64))) state.hazard = hazardOf(fieldText(bytes, field));
        } else {
          digest.number(value);
          if (state.numeric) addNumber(state, value);
        }
        if (takeRow !== undefined) {
          low = (low + digest.low) >>> 0;
          high = (high + digest.high) >>> 0;
        }
        if (meetValue(state.distinct, digest.low, digest.high) && isSampled(state.distinct, digest.low, LOOKED_THROUGH)) personal.look(fieldText(bytes, field));
        if (close) countText(state.commonest, fieldText(bytes, field), stride, state.numeric);
      };
      const read = walkCsv(bytes, () => (row, at, field) => {
        if (at === 0) close = row % stride === 0;
        cell(list[at] as StreamedColumn, field);
        if (at !== last || takeRow === undefined) return;
        takeRow(low, high);
        low = 0;
        high = 0;
      }, before === 0 ? undefined : { names, rows: before });
      rows += read.rows;
    },
    state: () => stateOf(columns, rows, runCells),
  };
}

/** First bytes of cells that a spreadsheet may run: = + - @ tab CR. */
export const RUN = new Set([61, 43, 45, 64, 9, 13]);

function numberAt(bytes: Uint8Array, field: Field): number | undefined {
  const first = bytes[field.start] as number;
  // Digits, signs and a point begin a number, and nothing else.
  if (first > 57 || first < 43 || first === 44 || first === 47) return undefined;
  const plain = readPlainNumber(bytes, field.start, field.end);
  if (plain !== undefined) return plain;
  return isDecimalField(bytes, field.start, field.end) ? readNumber(fieldText(bytes, field)) : undefined;
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
