import { NeuroError } from '@neurodata/protocol';

const [QUOTE, LINE_FEED] = [0x22, 0x0a];

/**
 * The header and the first `rows` records of a CSV file, byte for byte; a quoted field may hold line breaks (RFC 4180).
 * Throws `BAD_INPUT` where that would be all of them: a sample is less than the whole.
 */
export function firstRows(csv: Uint8Array, rows: number): Uint8Array {
  let quoted = false;
  let lines = 0;
  for (let at = 0; at < csv.length; at += 1) {
    if (csv[at] === QUOTE) quoted = !quoted;
    if (csv[at] !== LINE_FEED || quoted) continue;
    lines += 1;
    if (lines === rows + 1 && at + 1 < csv.length) return csv.slice(0, at + 1);
  }
  throw new NeuroError(`A sample of ${rows} rows would be the whole file.`, { code: 'BAD_INPUT', remedy: 'Choose fewer rows.' });
}
