/** What is kept of a column, and what happens to one cell of it, as in `src/table/stream/csvLane.ts`. What happens seldom is done there: see {@link look} and the others. */
import { digestNumber, digestText, high, low } from './digest';
import { isDecimal, readPlain } from './number';

/** As `src/table/stream/fastCsvLane.ts` reads it. */
@unmanaged
export class Column {
  present: f64;
  from: f64;
  sum: f64;
  squares: f64;
  min: f64;
  max: f64;
  /** Of the grid: 0 while its numbers are held outside. */
  scale: f64;
  first: f64;
  /** Of digests of different values that are kept. */
  limit: f64;
  used: u32;
  mask: u32;
  numeric: u32;
  hazard: u32;
  slots: usize;
  counts: usize;
}

/** Counts a number that needs another grid. */
// @ts-ignore: decorator
@external('table', 'count')
declare function count(column: u32, value: f64): void;
/** Makes room for more digests, or keeps fewer. */
// @ts-ignore: decorator
@external('table', 'crowd')
declare function crowd(column: u32): void;
/** Looks through a new value for data about people. */
// @ts-ignore: decorator
@external('table', 'look')
declare function look(column: u32, start: usize, end: usize, doubled: u32): void;
/** Counts a text among the commonest. */
// @ts-ignore: decorator
@external('table', 'meet')
declare function meet(column: u32, start: usize, end: usize, doubled: u32, numeric: u32): void;
/** Whether a text does harm. */
// @ts-ignore: decorator
@external('table', 'harm')
declare function harm(column: u32, start: usize, end: usize, doubled: u32): u32;
/** The number of a text that is one, or NaN where it is too large. */
// @ts-ignore: decorator
@external('table', 'read')
declare function read(start: usize, end: usize): f64;

/** Of all columns: cells of a grid, and digests above which some go. */
export let cells: i32 = 0;
export let most: u32 = 0;
/** Cells so far that a spreadsheet may run. */
export let runCells: f64 = 0;
/** Whether this part of the table has a NUL. */
let nul: bool = false;
let text: usize = 0;
/** Sums of the row's digests. */
export let rowLow: u32 = 0;
export let rowHigh: u32 = 0;

export function setLimits(cellsOfGrid: i32, mostDigests: u32): void {
  cells = cellsOfGrid;
  most = mostDigests;
}

export function beginPart(at: usize, hasNul: bool): void {
  text = at;
  nul = hasNul;
}

export function beginRow(): void {
  rowLow = 0;
  rowHigh = 0;
}

/** `close`: whether the row is looked at for its commonest texts. */
export function takeCell(column: Column, index: u32, start: usize, end: usize, doubled: bool, close: bool): void {
  // Missing: empty, or NA.
  if (end == start || (end - start == 2 && load<u16>(start) == 0x414e)) return;
  column.present += 1;
  const value = numberAt(start, end);
  if (value != value) takeText(column, index, start, end, doubled);
  else {
    digestNumber(value);
    if (column.numeric) takeNumber(column, index, value);
  }
  rowLow += low;
  rowHigh += high;
  if (isNew(column, index) && isSampled(column)) look(index, start - text, end - text, doubled);
  if (close) meet(index, start - text, end - text, doubled, column.numeric);
}

function numberAt(start: usize, end: usize): f64 {
  const first = load<u8>(start);
  // Digits, signs and a point begin a number, and nothing else.
  if (first > 57 || first < 43 || first == 44 || first == 47) return NaN;
  const plain = readPlain(start, end);
  return plain == plain || !isDecimal(start, end) ? plain : read(start - text, end - text);
}

function takeText(column: Column, index: u32, start: usize, end: usize, doubled: bool): void {
  const first = load<u8>(start);
  column.numeric = 0;
  digestText(start, end, doubled);
  // = + - @ tab CR
  if (first == 61 || first == 43 || first == 45 || first == 64 || first == 9 || first == 13) runCells += 1;
  if (column.hazard == 0 && (nul || first <= 45 || (first >= 61 && first <= 64))) column.hazard = harm(index, start - text, end - text, doubled);
}

function takeNumber(column: Column, index: u32, value: f64): void {
  if (column.min > column.max) column.from = value;
  const distance = value - column.from;
  column.sum += distance;
  column.squares += distance * distance;
  if (value < column.min) column.min = value;
  if (value > column.max) column.max = value;
  const place = Math.floor(value * column.scale) - column.first;
  if (column.scale != 0 && place >= 0 && place < f64(cells)) {
    const at = column.counts + (usize(place) << 3);
    store<f64>(at, load<f64>(at) + 1);
  } else count(index, value);
}

/** Puts the last digest among the column's: false where it is there, or is not kept. Open addressing, as `src/table/stream/distinct.ts`. */
function isNew(column: Column, index: u32): bool {
  const last = high >> 12;
  const digest = f64((u64(low) << 20) | u64(last));
  if (!(digest < column.limit)) return false;
  const slots = column.slots;
  const mask = column.mask;
  let at = last & mask;
  for (;;) {
    const slot = slots + (usize(at) << 3);
    const there = load<f64>(slot);
    if (there == digest) return false;
    if (there < 0) {
      store<f64>(slot, digest);
      break;
    }
    at = (at + 1) & mask;
  }
  column.used += 1;
  if (column.used > most * 2 || column.used * 2 > mask + 1) crowd(index);
  return true;
}

/** Whether the last digest lies in the least eighth of those that are kept. */
function isSampled(column: Column): bool {
  return column.limit == Infinity ? f64(column.used) <= f64(most) * 0.125 : f64(low) * 1048576 <= column.limit * 0.125;
}
