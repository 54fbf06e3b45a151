/** Counts over all rows; min, max and mean of numeric columns leave missing cells out. */
export type TableProfile = {
  rows: number;
  columns: { name: string; kind: 'numeric' | 'categorical'; missing: number; distinct: number; min?: number; max?: number; mean?: number }[];
};

/** A column's counts, as its cells come. */
export type Tally = { name: string; missing: number; present: number; numeric: boolean; texts: Set<string>; numbers: Set<number>; min: number; max: number; sum: number; mean: number };

export function createTally(name: string): Tally {
  return { name, missing: 0, present: 0, numeric: true, texts: new Set(), numbers: new Set(), min: Infinity, max: -Infinity, sum: 0, mean: 0 };
}

/** A present cell: its text, and its number where it is one. */
export function countCell(tally: Tally, text: string, value: number | undefined): void {
  tally.present += 1;
  tally.texts.add(text);
  if (!tally.numeric) return;
  if (value === undefined) {
    tally.numeric = false;
    tally.numbers.clear();
    return;
  }
  tally.numbers.add(value);
  tally.min = Math.min(tally.min, value);
  tally.max = Math.max(tally.max, value);
  tally.sum += value;
  // Welford's mean rounds more often, but cannot overflow where the sum does.
  tally.mean += value / tally.present - tally.mean / tally.present;
}

/** A column is numeric when it has a present cell and all of them are numbers. */
export function describeTally({ name, missing, present, numeric, texts, numbers, min, max, sum, mean }: Tally): TableProfile['columns'][number] {
  if (!numeric || present === 0) return { name, kind: 'categorical', missing, distinct: texts.size };
  return { name, kind: 'numeric', missing, distinct: numbers.size, min, max, mean: Number.isFinite(sum) ? sum / present : mean };
}
