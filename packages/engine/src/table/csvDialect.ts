/** How a text table is written. `header`: whether the first row reads like names; it is taken for names in any case. */
export type CsvDialect = { encoding: 'utf-8' | 'utf-16le' | 'utf-16be'; delimiter: ',' | ';' | '\t' | '|'; quote: '"' | "'"; header: boolean };

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** What is looked at: the beginning of a file. */
const HEAD_BYTES = 1 << 16;
const MOST_RECORDS = 200;

/**
 * The dialect of a table of delimited text, by its first 64 KiB. What reads as comma-separated is taken for that; another delimiter is taken where it cuts
 * every record (or most, where the names hold no comma) into as many fields, and commas do not. Quotes are double, or single where no double one stands and the names stand in single ones.
 *
 * @example sniffCsvDialect(new TextEncoder().encode('a;b\n1;2\n')); // { encoding: 'utf-8', delimiter: ';', quote: '"', header: true }
 */
export function sniffCsvDialect(bytes: Uint8Array): CsvDialect {
  const encoding = encodingOf(bytes);
  const head = bytes.subarray(0, HEAD_BYTES);
  const text = new TextDecoder(encoding).decode(head);
  const cut = bytes.length > head.length;
  const quote = quoteOf(text);
  const tried = DELIMITERS.map((delimiter) => ({ delimiter, records: recordsOf(text, { delimiter, quote, cut }) }));
  const [comma] = tried;
  const widest = (fits: (records: readonly string[][]) => boolean): (typeof tried)[number] | undefined => tried.filter(({ records }) => fits(records)).sort((a, b) => widthOf(b.records) - widthOf(a.records))[0];
  // Without any comma in the header, what cuts most records alike is the delimiter, and its reader names the record that is not.
  const best = comma && isEven(comma.records) ? comma : (widest(isEven) ?? (comma && widthOf(comma.records) === 1 ? widest(isMostlyEven) : undefined) ?? comma);
  const { delimiter, records } = best ?? { delimiter: ',', records: [] };
  return { encoding, delimiter, quote, header: isHeader(records) };
}

/** Whether a file is text of the usual dialect: UTF-8, commas, double quotes. */
export function isPlainDialect({ encoding, delimiter, quote }: CsvDialect): boolean {
  return encoding === 'utf-8' && delimiter === ',' && quote === '"';
}

/** By the byte order mark, else by the NULs that every other byte of plain text is. */
export function encodingOf(bytes: Uint8Array): CsvDialect['encoding'] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = bytes.subarray(0, 512);
  if (head.length < 4) return 'utf-8';
  const nuls = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  const many = head.length * 0.35;
  if (odd > many && even === 0) return 'utf-16le';
  return even > many && odd === 0 ? 'utf-16be' : 'utf-8';
}

function quoteOf(text: string): CsvDialect['quote'] {
  const [line = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1);
  return !text.includes('"') && /^'[^']+'([,;\t|]'[^']+')*$/.test(line) ? "'" : '"';
}

/** Records of a text, as lists of fields, taken generously: for looking, not for reading. The last is left out where the text was cut. */
function recordsOf(text: string, { delimiter, quote, cut }: { delimiter: string; quote: string; cut: boolean }): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length && records.length < MOST_RECORDS) {
    const field = fieldAt(text, at, { delimiter, quote });
    fields.push(field.text);
    at = field.end;
    if (text[at] === delimiter) {
      at += 1;
      if (at < text.length) continue;
      fields.push('');
    }
    if (at < text.length || !cut) records.push(fields);
    fields = [];
    at += text.startsWith('\r\n', at) ? 2 : 1;
  }
  return records;
}

function fieldAt(text: string, start: number, { delimiter, quote }: { delimiter: string; quote: string }): { text: string; end: number } {
  let at = start;
  if (text[at] === quote) {
    at = text.indexOf(quote, at + 1);
    while (at >= 0 && text[at + 1] === quote) at = text.indexOf(quote, at + 2);
    if (at < 0) return { text: text.slice(start + 1), end: text.length };
    return { text: text.slice(start + 1, at).replaceAll(quote + quote, quote), end: at + 1 };
  }
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return { text: text.slice(start, at), end: at };
}

function widthOf(records: readonly string[][]): number {
  return records[0]?.length ?? 0;
}

function isEven(records: readonly string[][]): boolean {
  const width = widthOf(records);
  return width > 1 && records.every((fields) => fields.length === width);
}

function isMostlyEven(records: readonly string[][]): boolean {
  const width = widthOf(records);
  return width > 1 && records.filter((fields) => fields.length === width).length * 2 > records.length;
}

const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$/;

/** Names are different, none is empty, and none is a number above numbers. */
function isHeader([names = [], ...rows]: readonly string[][]): boolean {
  if (names.some((name) => name.trim() === '') || new Set(names).size !== names.length) return false;
  return !names.some((name, column) => NUMBER.test(name.trim()) && rows.every((fields) => (fields[column] ?? '') === '' || NUMBER.test((fields[column] ?? '').trim())));
}
