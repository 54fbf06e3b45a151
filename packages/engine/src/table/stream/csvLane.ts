import { isDecimalField, isMissingField, readNumber, readPlainNumber } from '../cell.ts';
import { createCellDigest } from '../cellDigest.ts';
import { type Field, fieldText, walkCsv } from '../csv.ts';
import type { CsvPart } from '../csvPieces.ts';
import { hazardOf } from '../hazard.ts';
import type { TakeRow } from '../rowDigests.ts';
import { LOOKED_THROUGH, type LaneState, createColumns, stateOf } from './columns.ts';
import { countText } from './commonest.ts';
import { isSampled, meetValue } from './distinct.ts';
import { strideOf } from './parts.ts';
import { type StreamedColumn, addNumber } from './streamedColumn.ts';

/** Describes parts of a table, one after the other. `row`: is told the digest of each row, as `walkRowDigests` tells it. */
export type Lane = { take(part: CsvPart, row?: TakeRow): void; state(): LaneState };

/** The readable twin of `createFastCsvLane`: the same to the last bit. It describes CSV where there is no WebAssembly, and tables of very many columns. */
export function createCsvLane(names: readonly string[]): Lane {
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
