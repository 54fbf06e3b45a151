import { EngineError } from '../errors.ts';
import type { ColumnSpec } from '../spec/types.ts';
import { sharedDoubles, sharedIntegers } from './sharedNumbers.ts';

/** One column of a table. A missing number is NaN; a missing text has the code -1. */
export type Column =
  | { name: string; kind: 'numeric'; values: Float64Array }
  | { name: string; kind: 'categorical'; codes: Int32Array; /** Different texts, in the order in which they first appear. */ texts: string[] };

/** Columns of equal length, in the order of the schema that they were read by. */
export type Table = { rows: number; columns: Column[] };

/** What a file's columns are read as. Other columns of the file are left alone. */
export type Schema = readonly ColumnSpec[];

/** A column by name. The name is one of the schema's. */
export function column(table: Table, name: string): Column {
  const found = table.columns.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw missingColumn(name, table.columns.map((one) => one.name));
}

export function missingColumn(name: string, known: readonly string[]): EngineError {
  return new EngineError('MISSING_COLUMN', `The table has no column ${JSON.stringify(name)}: its columns are ${known.map((one) => JSON.stringify(one)).join(', ')}.`);
}

/** A numeric column's values. */
export function numbersOf(table: Table, name: string): Float64Array {
  const found = column(table, name);
  if (found.kind === 'numeric') return found.values;
  throw new TypeError(`Column ${name} was read as texts`);
}

/** A categorical column's codes and texts. */
export function textsOf(table: Table, name: string): { codes: Int32Array; texts: string[] } {
  const found = column(table, name);
  if (found.kind === 'categorical') return found;
  throw new TypeError(`Column ${name} was read as numbers`);
}

/** Fills a column cell by cell. `parse` turns a text into a number and names the row where it cannot. */
export type ColumnBuilder = {
  number(row: number, value: number): void;
  text(row: number, value: string): void;
  /** Leaves the cell missing. */
  missing(row: number): void;
  finish(rows: number): Column;
};

/** A builder for at most `capacity` rows. */
export function createColumn({ name, kind }: ColumnSpec, capacity: number): ColumnBuilder {
  if (kind === 'numeric') {
    const values = sharedDoubles(capacity);
    return {
      number: (row, value) => {
        values[row] = value;
      },
      text: () => {
        throw new TypeError('A numeric column takes numbers');
      },
      missing: (row) => {
        values[row] = NaN;
      },
      finish: (rows) => ({ name, kind, values: values.subarray(0, rows) }),
    };
  }
  const codes = sharedIntegers(capacity);
  const texts: string[] = [];
  const known = new Map<string, number>();
  return {
    number: () => {
      throw new TypeError('A categorical column takes texts');
    },
    text: (row, value) => {
      let code = known.get(value);
      if (code === undefined) {
        code = texts.length;
        known.set(value, code);
        texts.push(value);
      }
      codes[row] = code;
    },
    missing: (row) => {
      codes[row] = -1;
    },
    finish: (rows) => ({ name, kind, codes: codes.subarray(0, rows), texts }),
  };
}
