/** Row numbers in the slots in which the engine keeps sums apart. */
export type Slots = number[][];

/** All rows in 16 slots; in fewer where a sum has so many numbers that 16 would take more than 2^21. */
export function slotsOf(rows: number, length: number): Slots {
  let slots = 16;
  while (slots > 1 && slots * length > 2 ** 21) slots /= 2;
  const start = (slot: number): number => Math.floor((rows * slot) / slots);
  return Array.from({ length: slots }, (_, slot) => Array.from({ length: start(slot + 1) - start(slot) }, (__, index) => start(slot) + index));
}

/** Every `stride`th row of each slot. */
export function everyNth(slots: Slots, stride: number): Slots {
  return slots.map((rows) => rows.filter((_, index) => index % stride === 0));
}

/** Within each slot from the first row to the last, then slot by slot. */
export function sumInSlots(slots: Slots, term: (row: number) => number): number {
  let total = 0;
  for (const rows of slots) {
    let part = 0;
    for (const row of rows) part += term(row);
    total += part;
  }
  return total;
}

/** Numbers of a line in the engine: a multiple of 4. */
export function lineOf(columns: number): number {
  return Math.ceil(columns / 4) * 4;
}
