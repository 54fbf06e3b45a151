const [QUOTE, COMMA, LINE_FEED, CARRIAGE_RETURN] = [0x22, 0x2c, 0x0a, 0x0d];
/** The byte order mark's last byte. */
const LAST_OF_MARK = 0xbf;

/** The records of a CSV file, its header first, with what ends them; a quoted field may hold line breaks (RFC 4180), and a quote inside of an unquoted field is part of it. Empty lines are no records. */
export function* csvRecords(csv: Uint8Array): Generator<Uint8Array> {
  let [from, quoted, closedAt] = [0, false, -2];
  for (let at = 0; at < csv.length; at += 1) {
    if (csv[at] === QUOTE) {
      // One behind a closing quote doubles it.
      const opens = closedAt === at - 1 || opensField(csv, at);
      if (quoted) closedAt = at;
      quoted = !quoted && opens;
    }
    if ((csv[at] !== LINE_FEED || quoted) && at + 1 < csv.length) continue;
    const record = csv.subarray(from, at + 1);
    if (record.some((byte) => byte !== LINE_FEED && byte !== CARRIAGE_RETURN)) yield record;
    from = at + 1;
  }
}

function opensField(csv: Uint8Array, at: number): boolean {
  const before = csv[at - 1];
  return before === undefined || before === COMMA || before === LINE_FEED || (at === 3 && before === LAST_OF_MARK);
}
