const [QUOTE, LINE_FEED, CARRIAGE_RETURN] = [0x22, 0x0a, 0x0d];

/** The records of a CSV file, its header first, with what ends them; a quoted field may hold line breaks (RFC 4180). Empty lines are no records. */
export function* csvRecords(csv: Uint8Array): Generator<Uint8Array> {
  let [from, quoted] = [0, false];
  for (let at = 0; at < csv.length; at += 1) {
    if (csv[at] === QUOTE) quoted = !quoted;
    if ((csv[at] !== LINE_FEED || quoted) && at + 1 < csv.length) continue;
    const record = csv.subarray(from, at + 1);
    if (record.some((byte) => byte !== LINE_FEED && byte !== CARRIAGE_RETURN)) yield record;
    from = at + 1;
  }
}
