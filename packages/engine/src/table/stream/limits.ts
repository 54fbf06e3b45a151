/** What a column may hold while a table passes by, by the number of its columns: some hundred megabytes for all of them at most. */
export type ColumnLimits = { /** Different values that are counted exactly. */ distinct: number; /** Cells of the grid that its numbers are counted in. */ cells: number; /** Texts whose counts are kept. */ texts: number };

const STEPS: readonly { columns: number; limits: ColumnLimits }[] = [
  { columns: 16, limits: { distinct: 2 ** 14, cells: 2 ** 16, texts: 2 ** 12 } },
  { columns: 64, limits: { distinct: 2 ** 12, cells: 2 ** 15, texts: 2 ** 11 } },
  { columns: 1_024, limits: { distinct: 2 ** 10, cells: 2 ** 12, texts: 2 ** 8 } },
];
const LEAST: ColumnLimits = { distinct: 2 ** 8, cells: 2 ** 10, texts: 2 ** 6 };

/** The same for the same table, in whatever pieces it comes. */
export function limitsOf(columns: number): ColumnLimits {
  return STEPS.find((step) => columns <= step.columns)?.limits ?? LEAST;
}
