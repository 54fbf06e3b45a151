/** Describes parts of a table of delimited text: walks over its rows as `src/table/csv.ts` does, and gives each cell to its column. */
import { CARRIAGE_RETURN, COMMA, LINE_FEED, QUOTE } from './bytes';
import { Column, beginPart, beginRow, rowHigh, rowLow, runCells, setLimits, takeCell } from './column';
import { scrambleLetters } from './digest';
export { cut, cutEnd, cutOpen, cutRows, cutRowsAtEnd, cutTaken } from './cut';

/** Takes the digest of a row. */
// @ts-ignore: decorator
@external('table', 'row')
declare function row(low: u32, high: u32): void;

const COLUMN_BYTES: usize = offsetof<Column>();
/** Digests that a column has room for at first. */
const FIRST_SLOTS: u32 = 64;
/** Read beyond the end, since bytes are compared sixteen at a time. */
const BEYOND: usize = 64;

let width: u32 = 0;
let columns: usize = 0;
let text: usize = (__heap_base + 31) & ~15;
let end: usize = 0;

/** Begins a table; false where there is no memory for it. `most`: a column's different digests that are kept, `cells`: of its grid. */
export function setUp(count: u32, most: u32, cells: u32): bool {
  scrambleLetters();
  setLimits(cells, most);
  width = count;
  columns = text;
  const slots = columns + usize(count) * COLUMN_BYTES;
  const slotBytes = usize(most) * 4 * 8;
  const counts = slots + usize(count) * slotBytes;
  text = counts + usize(count) * usize(cells) * 8 + 16;
  if (!reach(text)) return false;
  for (let index: u32 = 0; index < count; index += 1) {
    const column = changetype<Column>(columns + usize(index) * COLUMN_BYTES);
    column.min = Infinity;
    column.max = -Infinity;
    column.limit = Infinity;
    column.mask = FIRST_SLOTS - 1;
    column.numeric = 1;
    column.slots = slots + usize(index) * slotBytes;
    column.counts = counts + usize(index) * usize(cells) * 8;
    for (let at: u32 = 0; at < FIRST_SLOTS; at += 1) store<f64>(column.slots + (usize(at) << 3), -1);
  }
  return true;
}

export function columnAt(index: u32): usize {
  return columns + usize(index) * COLUMN_BYTES;
}

export function cellsThatRun(): f64 {
  return runCells;
}

/** Where `length` bytes go that are described or cut next; 0 where there is no memory for them. */
export function textAt(length: usize): usize {
  end = text + length;
  if (!reach(end)) return 0;
  // What stands behind them ends a field, and a quote that is open.
  store<u8>(end, LINE_FEED);
  store<u8>(end, QUOTE, 1);
  return text;
}

function reach(last: usize): bool {
  const have = usize(memory.size()) << 16;
  const needed = last + BEYOND;
  if (needed <= have) return true;
  return memory.grow(i32((needed - have + 0xffff) >> 16)) >= 0;
}

/** Whether the bytes that stand there are more than ASCII (1), and whether there is a NUL among them (2). */
export function kindsOfBytes(): u32 {
  let seen = i64x2.splat(0);
  let nuls = i64x2.splat(0);
  let at = text;
  for (; at + 16 <= end; at += 16) {
    const bytes = v128.load(at);
    seen = v128.or(seen, bytes);
    nuls = v128.or(nuls, i8x16.eq(bytes, i64x2.splat(0)));
  }
  let more = i8x16.bitmask(seen) != 0;
  let nul = v128.any_true(nuls);
  for (; at < end; at += 1) {
    more = more || load<u8>(at) > 127;
    nul = nul || load<u8>(at) == 0;
  }
  return u32(more) | (u32(nul) << 1);
}

/** Describes the rows that stand there. Gives how many they are; -1 where they are not right. `header`: whether the first one names the columns. `stride`: each row after so many is looked at closely. `told`: whether digests of rows are. */
export function take(header: bool, stride: u32, nul: bool, told: bool): i32 {
  beginPart(text, nul);
  let at = text;
  if (header) {
    if (end - at >= 3 && load<u8>(at) == 0xef && load<u8>(at, 1) == 0xbb && load<u8>(at, 2) == 0xbf) at += 3;
    let more = true;
    while (more) {
      at = readField(at);
      if (at == 0) return -1;
      more = load<u8>(at) == COMMA;
      at += load<u8>(at) == CARRIAGE_RETURN ? 2 : 1;
    }
  }
  let rows = 0;
  let untilClose: u32 = 0;
  while (at < end) {
    const close = untilClose == 0;
    untilClose = (close ? stride : untilClose) - 1;
    beginRow();
    let index: u32 = 0;
    let column = columns;
    for (;;) {
      at = readField(at);
      if (at == 0) return -1;
      if (index < width) takeCell(changetype<Column>(column), index, fieldStart, fieldEnd, doubled, close);
      index += 1;
      column += COLUMN_BYTES;
      const stop = load<u8>(at);
      at += stop == CARRIAGE_RETURN ? 2 : 1;
      if (stop != COMMA) break;
    }
    if (index != width) return -1;
    if (told) row(rowLow, rowHigh);
    rows += 1;
  }
  return rows;
}

/** The field that was read last, and whether quotes in it are doubled. */
let fieldStart: usize = 0;
let fieldEnd: usize = 0;
let doubled: bool = false;

/** Gives where what ends the field stands; 0 where it is not right. */
// @ts-ignore: decorator
@inline
function readField(at: usize): usize {
  return load<u8>(at) == QUOTE && at < end ? readQuoted(at) : readUnquoted(at);
}

function readUnquoted(start: usize): usize {
  let at = start;
  fieldStart = start;
  doubled = false;
  for (;;) {
    const bytes = v128.load(at);
    const ends = v128.or(i8x16.eq(bytes, i8x16.splat(COMMA)), i8x16.eq(bytes, i8x16.splat(LINE_FEED)));
    const others = v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(CARRIAGE_RETURN)));
    const found = i8x16.bitmask(v128.or(ends, others));
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    const code = load<u8>(at);
    if (code == COMMA || code == LINE_FEED) break;
    if (code == CARRIAGE_RETURN) {
      if (!endsLine(at)) return 0;
      break;
    }
    // Behind blanks it was meant to open the field.
    if (isBlank(start, at)) return 0;
    at += 1;
  }
  fieldEnd = at;
  return at;
}

function readQuoted(start: usize): usize {
  let at = nextQuote(start + 1);
  fieldStart = start + 1;
  doubled = false;
  while (at < end && load<u8>(at, 1) == QUOTE && at + 1 < end) {
    doubled = true;
    at = nextQuote(at + 2);
  }
  if (at >= end) return 0;
  fieldEnd = at;
  at += 1;
  if (at >= end) return at;
  const code = load<u8>(at);
  if (code == COMMA || code == LINE_FEED) return at;
  return code == CARRIAGE_RETURN && endsLine(at) ? at : 0;
}

/** There is one behind the end. */
function nextQuote(from: usize): usize {
  let at = from;
  let found = quotesAt(at);
  while (found == 0) {
    at += 16;
    found = quotesAt(at);
  }
  return at + ctz(found);
}

// @ts-ignore: decorator
@inline
function quotesAt(at: usize): i32 {
  return i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(QUOTE)));
}

function endsLine(at: usize): bool {
  return at + 1 < end && load<u8>(at, 1) == LINE_FEED;
}

function isBlank(from: usize, to: usize): bool {
  for (let at = from; at < to; at += 1) if (load<u8>(at) != 32 && load<u8>(at) != 9) return false;
  return true;
}
