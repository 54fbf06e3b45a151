import * as fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type CsvDialect, plainCsv, predictPieces, profileTable, sniffCsvDialect, train } from '../src/index.ts';
import { fieldText, walkCsv } from '../src/table/csv.ts';
import { csvPieces } from '../src/table/csvPieces.ts';
import { readTable } from '../src/table/readTable.ts';
import { tableDigest } from '../src/table/tableDigest.ts';
import { penguinsCsv, penguinsSpec } from './datasets.ts';
import { bytesOf } from './spec.ts';

/** Rows of a table in whatever dialect, as objects. */
function rowsOf(file: Uint8Array): Record<string, string>[] {
  const csv = plainCsv(file);
  const rows: Record<string, string>[] = [];
  walkCsv(csv, (names) => (row, column, field) => {
    rows[row] = { ...rows[row], [names[column] ?? '']: fieldText(csv, field) };
  });
  return rows;
}

function utf16(text: string, { little = true, mark = true } = {}): Uint8Array {
  const units = [...(mark ? '\uFEFF' : ''), ...text].join('');
  const bytes = new Uint8Array(units.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < units.length; at += 1) view.setUint16(at * 2, units.charCodeAt(at), little);
  return bytes;
}

const folder = path.dirname(createRequire(import.meta.url).resolve('csv-spectrum'));
const names = readdirSync(path.join(folder, 'csvs')).map((file) => path.basename(file, '.csv'));

test.each(names)('csv-spectrum: %s', (name) => {
  const file = (kind: 'csv' | 'json'): Buffer => readFileSync(path.join(folder, `${kind}s`.replace('jsons', 'json'), `${name}.${kind}`));
  const said = [JSON.parse(file('json').toString('utf8')) as Record<string, string>].flat();
  // The vector's two files name two telephone numbers; the CSV's is the one that is read.
  if (name === 'location_coordinates') expect(said[0]?.['Contact Phone Number']).toBe('1234567890');
  expect(rowsOf(file('csv'))).toEqual(name === 'location_coordinates' ? [{ ...said[0], 'Contact Phone Number': '2095257564' }] : said);
});

test('the vectors are there', () => {
  expect(names).toHaveLength(12);
});

test.each<[string, Uint8Array, CsvDialect]>([
  ['commas', bytesOf('a,b\n1,2\n'), { encoding: 'utf-8', delimiter: ',', quote: '"', header: true }],
  ['semicolons, with decimal commas', bytesOf('a;b;c\n1,5;2;x\n2,5;3;y\n'), { encoding: 'utf-8', delimiter: ';', quote: '"', header: true }],
  ['tabs, with commas in texts', bytesOf('a\tb\n1,2,3\tx\n4\ty, z\n'), { encoding: 'utf-8', delimiter: '\t', quote: '"', header: true }],
  ['bars', bytesOf('a|b\r\n"1|2"|x\r\n'), { encoding: 'utf-8', delimiter: '|', quote: '"', header: true }],
  ['single quotes', bytesOf("'a','b'\n'1,2','it''s'\n"), { encoding: 'utf-8', delimiter: ',', quote: "'", header: true }],
  ['one column', bytesOf('a\n1\n2\n'), { encoding: 'utf-8', delimiter: ',', quote: '"', header: true }],
  ['one column of texts with a semicolon here and there', bytesOf('a\nx; y\nz\n'), { encoding: 'utf-8', delimiter: ',', quote: '"', header: true }],
  ['no header', bytesOf('1,x\n2,y\n3,z\n'), { encoding: 'utf-8', delimiter: ',', quote: '"', header: false }],
  ['years are names above texts', bytesOf('name,2024\na,few\n'), { encoding: 'utf-8', delimiter: ',', quote: '"', header: true }],
  ['UTF-16 with a mark', utf16('a;b\n1;2\n'), { encoding: 'utf-16le', delimiter: ';', quote: '"', header: true }],
  ['UTF-16 in the other order', utf16('a\tb\n1\t2\n', { little: false }), { encoding: 'utf-16be', delimiter: '\t', quote: '"', header: true }],
  ['UTF-16 without a mark', utf16('a,b\n1,2\n', { mark: false }), { encoding: 'utf-16le', delimiter: ',', quote: '"', header: true }],
  ['nothing', bytesOf(''), { encoding: 'utf-8', delimiter: ',', quote: '"', header: true }],
])('%s', (_, bytes, dialect) => {
  expect(sniffCsvDialect(bytes)).toEqual(dialect);
});

test('a table has one digest in all dialects, and plain bytes are left alone', async () => {
  const table = [['näme', 'n', 'text'], ['a, "b"', '1', "it's; so"], ['', '2.5', 'x\ty|z'], ['line\nend', 'NA', '😀']];
  const write = (delimiter: string, quote: string): string => table.map((row) => row.map((cell) => `${quote}${cell.replaceAll(quote, quote + quote)}${quote}`).join(delimiter)).join('\r\n');
  const schema = [{ name: 'näme', kind: 'categorical' }, { name: 'n', kind: 'numeric' }, { name: 'text', kind: 'categorical' }] as const;
  const plain = bytesOf(write(',', '"'));
  const digest = tableDigest(await readTable(plain, schema));
  expect(plainCsv(plain)).toBe(plain);
  for (const delimiter of [',', ';', '\t', '|']) {
    const text = write(delimiter, '"');
    for (const bytes of [bytesOf(text), bytesOf(`\uFEFF${text}`), utf16(text), utf16(text, { little: false })]) expect(tableDigest(await readTable(bytes, schema))).toBe(digest);
  }
  expect((await profileTable(utf16(write(';', '"')))).rows).toBe(3);
});

test('what a writer of any dialect writes is read back', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '1', ',', ';', '\t', '|', "'", '\n', '\r\n', 'é', ' ', '"') }).map((text) => text.replaceAll('"', "'"));
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }), fc.constantFrom(';', '\t', '|'), (cells, delimiter) => {
    const quoted = (text: string): string => (/[\r\n;\t|]|^[ \t]/.test(text) ? `"${text}"` : text);
    const text = [['first', 'second'], ...cells].map((row) => row.map(quoted).join(delimiter)).join('\n');
    const dialect: CsvDialect = { encoding: 'utf-8', delimiter: delimiter as ';', quote: '"', header: true };
    const csv = plainCsv(bytesOf(text), dialect);
    const read: string[][] = [];
    walkCsv(csv, () => (row, column, field) => {
      (read[row] ??= [])[column] = fieldText(csv, field);
    });
    expect(read).toEqual(cells);
  }));
});

test('what is broken stays broken', async () => {
  const refused = (text: string): Promise<string> => profileTable(bytesOf(text)).then(() => 'accepted', (error: unknown) => String((error as { code?: string }).code));
  expect(await refused('a;b\n"1;2\n')).toBe('BAD_CSV');
  expect(await refused('a;b\n"1"x;2\n')).toBe('BAD_CSV');
  expect(await refused('a;b\n1;2\n3\n')).toBe('RAGGED_ROW');
  expect(await refused('a;a\n1;2\n')).toBe('DUPLICATE_COLUMN');
  await expect(profileTable(Uint8Array.of(0xff, 0xfe, 0x00, 0xd8, 0x61, 0))).rejects.toThrow('UTF-16');
});

test('a quote inside of a field opens none, wherever the file is cut', async () => {
  const rows = ['a,b', '37° 36\' 37.8"N,12" wide', '"x\ny",z"', '1,"say ""hi"""', 'end,1'];
  const text = `${rows.join('\n')}\n`;
  for (const chunk of [1, 2, 3, 7, 1000]) {
    const found: string[] = [];
    const source = (async function* chunks() {
      const bytes = bytesOf(text);
      for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
    })();
    for await (const piece of csvPieces(source, 1)) found.push(new TextDecoder().decode(piece));
    expect(found.join('')).toBe(text);
    expect(found.slice(1).every((piece) => rows.some((row) => `${row}\n`.startsWith(piece) || piece.startsWith(`${row}\n`)))).toBe(true);
  }
  expect(rowsOf(bytesOf(text)).map(({ b }) => b)).toEqual(['12" wide', 'z"', 'say "hi"', '1']);
});

test('a model predicts for a table in another dialect, in pieces, as for the plain one', async () => {
  const csv = penguinsCsv();
  const { model } = await train({ csv, spec: penguinsSpec });
  const other = bytesOf(new TextDecoder().decode(csv).replaceAll(',', ';'));
  const labels = async (bytes: Uint8Array): Promise<string[]> => {
    const found: string[] = [];
    const source = (async function* chunks() {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
    })();
    for await (const piece of predictPieces({ model, source })) found.push(...(piece.labels ?? []));
    return found;
  };
  expect(await labels(other)).toEqual(await labels(csv));
});
