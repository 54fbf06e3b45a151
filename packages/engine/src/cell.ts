import { EngineError } from './errors.ts';

const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/** A cell is missing when it is empty or `NA`. */
export function isMissing(cell: string): boolean {
  return cell === '' || cell === 'NA';
}

/**
 * The nearest f64 of a decimal number, or undefined when the cell is not one or is out of range.
 * Number() rounds correctly in every engine in use; -0 becomes 0, so that equal numbers are equal bits.
 */
export function readNumber(cell: string): number | undefined {
  if (!DECIMAL.test(cell)) return undefined;
  const value = Number(cell) + 0;
  return Number.isFinite(value) ? value : undefined;
}

/** readNumber, or BAD_NUMBER naming column and row: not the cell, which the reader may not be allowed to see. */
export function parseNumber(cell: string, column: string, row: number): number {
  const value = readNumber(cell);
  if (value !== undefined) return value;
  throw new EngineError(
    'BAD_NUMBER',
    `Column ${JSON.stringify(column)} holds no finite decimal number in row ${row + 2} (the header is row 1): correct it, leave it empty, or use the column as categorical.`,
  );
}
