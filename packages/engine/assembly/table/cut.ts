/** Looks where rows end, as the cutter in `src/table/csvPieces.ts` does. Places are counted from the first byte that is not taken, bytes of the whole file from its first. */
import { LINE_FEED } from './bytes';

/** The byte order mark's last byte. */
const LAST_OF_MARK: u8 = 0xbf;

let delimiter: u8 = 0;
let quote: i32 = 0;
let quoted: bool = false;
/** Bytes of the file before those that are looked at, and the last of them. */
let total: i64 = 0;
let before: u8 = 0;
let closedAt: i64 = 0;
let seen: i32 = 0;
let end: i32 = 0;
let rows: i64 = 0;
let rowsAtEnd: i64 = 0;
let needed: i64 = 0;

/** Begins a file. `quoteByte`: -1 where a line feed always ends a row. */
export function cutOpen(delimiterByte: u8, quoteByte: i32): void {
  delimiter = delimiterByte;
  quote = quoteByte;
  quoted = false;
  total = 0;
  before = LINE_FEED;
  closedAt = -2;
  seen = 0;
  end = 0;
  rows = 0;
  rowsAtEnd = 0;
  needed = 2;
}

/** Ends of rows that were seen, and those up to the last whole row. */
export function cutRows(): f64 { return f64(rows); }
export function cutRowsAtEnd(): f64 { return f64(rowsAtEnd); }
/** Where the last whole row ends; 0: nowhere yet. */
export function cutEnd(): i32 { return end; }

export function cutTaken(bytes: i32): void {
  seen -= bytes;
  end = 0;
  needed = 0;
}

/** Looks at the next bytes, at `from`: sixteen more may be read. */
export function cut(from: usize, length: i32): void {
  if (length == 0) return;
  const feeds = i8x16.splat(LINE_FEED);
  const quotes = i8x16.splat(u8(quote));
  const marks = quote >= 0;
  for (let at: i32 = 0; at < length; at += 16) {
    const bytes = v128.load(from + at);
    const some = length - at < 16 ? (1 << (length - at)) - 1 : 0xffff;
    const ends = i8x16.bitmask(i8x16.eq(bytes, feeds)) & some;
    const turns = marks ? i8x16.bitmask(i8x16.eq(bytes, quotes)) & some : 0;
    if (turns != 0) pick(from, at, ends, turns);
    else if (ends != 0 && !quoted) feed(popcnt(ends), at + 31 - clz(ends));
  }
  seen += length;
  total += length;
  before = load<u8>(from + length - 1);
}

/** `last`: where the last of some line feeds stands that end rows. */
// @ts-ignore: decorator
@inline
function feed(count: i32, last: i32): void {
  rows += count;
  if (rows < needed) return;
  end = seen + last + 1;
  rowsAtEnd = rows;
}

/** Line feeds and quotes, each by a bit, in their order. */
function pick(from: usize, at: i32, ends: i32, turns: i32): void {
  let left = ends | turns;
  while (left != 0) {
    const bit = ctz(left);
    left &= left - 1;
    const place = at + bit;
    if ((turns >> bit) & 1) turn(from, place);
    else if (!quoted) feed(1, place);
  }
}

/** One behind a closing quote doubles it; one inside of an unquoted field is part of it. */
function turn(from: usize, place: i32): void {
  const here = total + place;
  if (quoted) {
    quoted = false;
    closedAt = here;
  } else quoted = closedAt == here - 1 || opensField(place > 0 ? load<u8>(from + place - 1) : before, here);
}

function opensField(previous: u8, here: i64): bool {
  return previous == delimiter || previous == LINE_FEED || (here == 3 && previous == LAST_OF_MARK);
}
