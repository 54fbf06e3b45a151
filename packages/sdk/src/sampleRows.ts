import { NeuroError, sha256Hex } from '@neurodata/protocol';

/** Which rows a sample has: the first ones, or as many drawn by a seed. */
export type SampleChoice = { rows: number; seed?: number };

const [QUOTE, LINE_FEED, CARRIAGE_RETURN] = [0x22, 0x0a, 0x0d];

/**
 * The header and some records of a CSV file, byte for byte and in the file's order: the first ones, or, with a seed, records
 * drawn by it. The same file, number and seed give the same rows. Throws `BAD_INPUT` where that would be all of them: a
 * sample is less than the whole.
 *
 * @example const csv = sampleRows(file, { rows: 20, seed: 7 });
 */
export function sampleRows(csv: Uint8Array, choice: SampleChoice): Uint8Array {
  const { rows, seed } = choice;
  if (seed === undefined) return firstRows(csv, rows);
  const [header, ...records] = [...recordsOf(csv)];
  if (!header || rows >= records.length) throw tooMany(rows);
  return joined([header, ...draw({ count: records.length, rows, seed }).map((index) => records[index] ?? header)]);
}

/** The header and the first `rows` records of a CSV file, as {@link sampleRows} without a seed. */
export function firstRows(csv: Uint8Array, rows: number): Uint8Array {
  const kept: Uint8Array[] = [];
  for (const record of recordsOf(csv)) {
    // Something must follow.
    if (kept.length === rows + 1) return joined(kept);
    kept.push(record);
  }
  throw tooMany(rows);
}

/** The lines of a CSV file with what ends them; a quoted field may hold line breaks (RFC 4180). Empty lines are no records. */
function* recordsOf(csv: Uint8Array): Generator<Uint8Array> {
  let [from, quoted] = [0, false];
  for (let at = 0; at < csv.length; at += 1) {
    if (csv[at] === QUOTE) quoted = !quoted;
    if ((csv[at] !== LINE_FEED || quoted) && at + 1 < csv.length) continue;
    const record = csv.subarray(from, at + 1);
    if (record.some((byte) => byte !== LINE_FEED && byte !== CARRIAGE_RETURN)) yield record;
    from = at + 1;
  }
}

/** `rows` of the numbers below `count`, ascending: the first steps of a Fisher-Yates shuffle, its numbers from sha256. */
function draw({ count, rows, seed }: { count: number; rows: number; seed: number }): number[] {
  const moved = new Map<number, number>();
  const chosen: number[] = [];
  for (let step = 0; step < rows; step += 1) {
    const number = Number.parseInt(sha256Hex(new TextEncoder().encode(`sample/${seed}/${step}`)).slice(2, 14), 16);
    const at = step + (number % (count - step));
    chosen.push(moved.get(at) ?? at);
    moved.set(at, moved.get(step) ?? step);
  }
  return chosen.sort((a, b) => a - b);
}

/** Puts a line end where the file's last record has none and is not the last here. */
function joined(records: Uint8Array[]): Uint8Array {
  const parts = records.flatMap((record, index) => (index + 1 < records.length && record.at(-1) !== LINE_FEED ? [record, Uint8Array.of(LINE_FEED)] : [record]));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function tooMany(rows: number): NeuroError {
  return new NeuroError(`A sample of ${rows} rows would be the whole file.`, { code: 'BAD_INPUT', remedy: 'Choose fewer rows.' });
}
