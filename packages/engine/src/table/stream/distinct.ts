/** Digests of a column's different values, at most `most` of them and the least ones: all there are, where there are no more. Plain data, so that threads can send it. */
export type Distinct = {
  most: number;
  /** Digests from here on are left out; Infinity while all were kept. */
  limit: number;
  used: number;
  /** Open addressing, a power of two long; -1 is an empty place. */
  slots: Float64Array;
};

const FIRST_SLOTS = 64;
/** Digests have 52 bits. */
const SPACE = 2 ** 52;

export function createDistinct(most: number): Distinct {
  return { most, limit: Infinity, used: 0, slots: new Float64Array(FIRST_SLOTS).fill(-1) };
}

/** Takes a value's digest, 64 bits in two halves. True where it is kept, and was not there before. */
export function meetValue(distinct: Distinct, low: number, high: number): boolean {
  const last = high >>> 12;
  const digest = low * 2 ** 20 + last;
  return digest < distinct.limit && keep(distinct, digest, last);
}

/** The last 20 bits: those that stay are small, and their upper bits tell them apart no more. */
function lastBits(digest: number): number {
  return digest - Math.floor(digest / 2 ** 20) * 2 ** 20;
}

function keep(distinct: Distinct, digest: number, last: number): boolean {
  if (!put(distinct.slots, digest, last)) return false;
  distinct.used += 1;
  makeRoom(distinct);
  return true;
}

/** After each digest: keeps the least where there are too many, else sees that half of the places are empty. */
export function makeRoom(distinct: Distinct): void {
  if (distinct.used > distinct.most * 2) cut(distinct);
  else if (distinct.used * 2 > distinct.slots.length) rebuild(distinct, valuesOf(distinct), distinct.slots.length * 2);
}

function put(slots: Float64Array, digest: number, last: number): boolean {
  const mask = slots.length - 1;
  let at = last & mask;
  for (;;) {
    const there = slots[at] as number;
    if (there === digest) return false;
    if (there < 0) {
      slots[at] = digest;
      return true;
    }
    at = (at + 1) & mask;
  }
}

function valuesOf({ slots }: Distinct): Float64Array {
  return slots.filter((digest) => digest >= 0);
}

/** Keeps the least. */
function cut(distinct: Distinct): void {
  const least = valuesOf(distinct).sort().slice(0, distinct.most);
  distinct.limit = least.at(-1) ?? 0;
  rebuild(distinct, least, distinct.slots.length);
}

function rebuild(distinct: Distinct, values: Float64Array, length: number): void {
  const slots = new Float64Array(length).fill(-1);
  for (const digest of values) put(slots, digest, lastBits(digest));
  distinct.slots = slots;
  distinct.used = values.length;
}

/** Keeps fewer from now on. */
export function narrowDistinct(distinct: Distinct, most: number): void {
  if (most >= distinct.most) return;
  distinct.most = most;
  if (distinct.used > most) cut(distinct);
}

/** Puts one into another: the same as if all values had gone to one. */
export function mergeDistinct(into: Distinct, from: Distinct): void {
  narrowDistinct(into, from.most);
  if (from.limit < into.limit) into.limit = from.limit;
  for (const digest of valuesOf(from)) if (digest <= into.limit) keep(into, digest, lastBits(digest));
}

/**
 * How many different values there are: exactly up to `most`, else by how close together the least digests lie, to three digits. The same for the same values in
 * whatever order they came. Standard error: one by the root of `most`. Source: Bar-Yossef and others, "Counting distinct elements in a data stream", RANDOM 2002.
 */
export function countDistinct(distinct: Distinct, present: number): number {
  const values = valuesOf(distinct).filter((digest) => digest <= distinct.limit).sort();
  if (values.length <= distinct.most && distinct.limit === Infinity) return values.length;
  const least = values[distinct.most - 1] ?? SPACE;
  const estimate = Math.floor(((distinct.most - 1) * SPACE) / least);
  let unit = 1;
  while (estimate / unit >= 1_000) unit *= 10;
  return Math.min(present, Math.round(estimate / unit) * unit);
}

/** Whether a digest lies in the least part of those that are kept: a sample of the different values. */
export function isSampled(distinct: Distinct, low: number, part: number): boolean {
  return distinct.limit === Infinity ? distinct.used <= distinct.most * part : low * 2 ** 20 <= distinct.limit * part;
}
