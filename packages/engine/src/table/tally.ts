import { EngineError } from '../errors.ts';
import { type PersonalFinding, type PersonalScan, createPersonalScan } from './personal/scanPersonal.ts';
import { describeNumbers } from './describeNumbers.ts';
import type { GridHistogram } from './gridHistogram.ts';
import { type Hazard, hazardOf } from './hazard.ts';

/** Figures leave missing cells out. */
export type ColumnProfile = {
  name: string;
  kind: 'numeric' | 'categorical';
  missing: number;
  distinct: number;
  /** Of numeric columns. */
  min?: number;
  max?: number;
  mean?: number;
  /** Of the population: divided by the number of cells. */
  deviation?: number;
  /** 25, 50 and 75 %, interpolated between neighbours as numpy's default does. */
  quartiles?: [number, number, number];
  /** Of twenty numbers or more. */
  histogram?: GridHistogram;
  /** Of categorical columns: the commonest texts, at most {@link MOST_TOP}. */
  top?: { value: string; count: number }[];
  /** What looks like data about people; absent where nothing does. */
  personal?: PersonalFinding[];
  /** Whether the table was described while it passed by: numbers of many different values, quartiles and commonest texts are estimates. */
  estimated?: true;
  /** Of numeric columns that are estimated: quartiles are no finer. */
  resolution?: number;
  /** The first harmful cell's kind, its name among them; absent where there is none. */
  hazard?: Hazard;
};

/** Counts over all rows. */
export type TableProfile = { rows: number; columns: ColumnProfile[] };

/** A column's counts, as its cells come. */
export type Tally = { name: string; missing: number; present: number; numeric: boolean; /** How often each text stands there. */ texts: Map<string, number>; held: Held; personal: PersonalScan; hazard: Hazard | undefined };

/** What a table's columns hold together: memory of their different texts, by estimate. */
export type Held = { bytes: number; columns: number };

const MOST_TOP = 10;
/** An entry of a map and a text's own head. */
const BYTES_A_TEXT = 80;
/** What one table's different texts may take, so that a table ends in an answer and not in a process without memory. */
const MOST_HELD_BYTES = 3 * 2 ** 29;

/** Of a table that is described. */
const MOST_COLUMNS = 10_000;
const LONGEST_NAME = 200;

/** @throws EngineError TOO_LARGE past 10,000 columns, or for a name longer than 200 characters */
export function createTally(name: string, held: Held): Tally {
  held.columns += 1;
  expectColumns(held.columns, name);
  return { name, missing: 0, present: 0, numeric: true, texts: new Map(), held, personal: createPersonalScan(name), hazard: hazardOf(name) };
}

/** That a table may have a column more, of this name. `number`: which one it is, from 1. @throws EngineError TOO_LARGE */
export function expectColumns(number: number, name: string): void {
  if (number > MOST_COLUMNS) throw new EngineError('TOO_LARGE', `The table has more than ${MOST_COLUMNS} columns: split it into several tables.`);
  if (name.length > LONGEST_NAME) throw new EngineError('TOO_LARGE', `Column ${number} has a name of ${name.length} characters: give it one of at most ${LONGEST_NAME}.`);
}

/** What is thrown for a value, rows counted from 0. */
export function neither(name: string, row: number): EngineError {
  return new EngineError('BAD_NUMBER', `Column ${JSON.stringify(name)} holds in row ${row + 1} neither a finite number nor a text that can be told exactly: make it one, leave it empty, or leave the column out.`);
}

/**
 * A present cell: its text, which reads back as its number where it is one.
 *
 * @throws EngineError TOO_LARGE where the table has more different texts than fit
 */
export function countCell(tally: Tally, text: string, value: number | undefined): void {
  tally.present += 1;
  const seen = tally.texts.get(text);
  if (seen === undefined) meet(tally, text);
  tally.texts.set(text, (seen ?? 0) + 1);
  if (value === undefined) tally.numeric = false;
}

/** A text that the column did not have before. */
function meet(tally: Tally, text: string): void {
  const { held, texts } = tally;
  held.bytes += BYTES_A_TEXT + text.length;
  // A map holds 2^24 entries.
  if (held.bytes > MOST_HELD_BYTES || texts.size >= 2 ** 24 - 1) {
    throw new EngineError('TOO_LARGE', 'The table has too many different cells to be described: split it into several tables, or leave out columns that are different in each row.');
  }
  tally.personal.look(text);
  tally.hazard ??= hazardOf(text);
}

/** A column is numeric when it has a present cell and all of them are numbers. */
export function describeTally({ name, missing, present, numeric, texts, personal, hazard }: Tally): ColumnProfile {
  const found = personal.found();
  const warnings = { ...(found.length > 0 ? { personal: found } : {}), ...(hazard ? { hazard } : {}) };
  if (!numeric || present === 0) return { name, kind: 'categorical', missing, distinct: texts.size, top: topOf(texts), ...warnings };
  return { name, kind: 'numeric', missing, ...describeNumbers(texts, present), ...warnings };
}

/** The same for the same cells in any order: texts that are as common stand in the order of their code units. */
function topOf(texts: ReadonlyMap<string, number>): { value: string; count: number }[] {
  const top: { value: string; count: number }[] = [];
  for (const [value, count] of texts) {
    const last = top.at(-1);
    if (top.length === MOST_TOP && last && !isBefore({ value, count }, last)) continue;
    top.push({ value, count });
    top.sort((a, b) => (isBefore(a, b) ? -1 : 1));
    top.length = Math.min(top.length, MOST_TOP);
  }
  return top;
}

function isBefore(a: { value: string; count: number }, b: { value: string; count: number }): boolean {
  return a.count === b.count ? a.value < b.value : a.count > b.count;
}
