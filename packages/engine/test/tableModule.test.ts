import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { compileAssembly, moduleSource } from '../../../scripts/assembly.ts';
import { tableModule } from '../build.ts';
import { tableModule as committed } from '../src/generated/tableModule.ts';
import { type CsvPart, csvParts } from '../src/table/csvPieces.ts';
import { csvNames } from '../src/table/csv.ts';
import { createFastRowCutter, createPlainRowCutter, createRowCutter } from '../src/table/rowCutter.ts';
import { type Lane, createCsvLane } from '../src/table/stream/csvLane.ts';
import type { LaneState } from '../src/table/stream/columns.ts';
import { createFastCsvLane } from '../src/table/stream/fastCsvLane.ts';
import { createLane } from '../src/table/stream/lane.ts';
import { evenBlocks } from '../src/table/stream/parts.ts';

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** The same numbers for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function partsOf(bytes: Uint8Array, size: number): Promise<CsvPart[]> {
  const parts: CsvPart[] = [];
  for await (const part of csvParts(pieces(bytes, size), { size })) parts.push(part);
  return parts;
}

type Told = { state: LaneState; rows: [number, number][] } | { refused: string };

/** What a lane finds, or what it refuses. */
function describedBy(lane: Lane, parts: readonly CsvPart[]): Told {
  const rows: [number, number][] = [];
  try {
    for (const part of parts) lane.take(part, (low, high) => void rows.push([low, high]));
    return { state: lane.state(), rows };
  } catch (error) {
    return { refused: String(error) };
  }
}

async function expectSame(bytes: Uint8Array, size = 1 << 16): Promise<Told> {
  const parts = await partsOf(bytes, size);
  const names = csvNames(parts[0]?.bytes ?? bytes);
  const [plain, fast] = [createCsvLane(names), createFastCsvLane(names)];
  if (!fast) throw new Error('There is no WebAssembly here.');
  const told = describedBy(plain, parts);
  expect(describedBy(fast, parts)).toEqual(told);
  return told;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test('where there is no WebAssembly, the twins do it', () => {
  vi.stubGlobal('WebAssembly', undefined);
  expect(createFastCsvLane(['a'])).toBeUndefined();
  expect(createFastRowCutter(44, 34)).toBeUndefined();
  const lane = createLane({ format: 'csv', names: ['a'] });
  lane.take({ bytes: bytesOf('a\n1\n2\n'), before: 0, rows: 3 });
  expect(lane.state()).toMatchObject({ rows: 2, columns: [{ name: 'a', present: 2, sum: 1 }] });
  expect(createRowCutter(44, 34).push(bytesOf('a\n"\n"\n'))).toBe(6);
});

test('the module is what its sources make', async () => {
  const module = await compileAssembly(tableModule);
  expect(Buffer.from(module).toString('base64')).toBe(committed);
  expect(readFileSync(new URL('../src/generated/tableModule.ts', import.meta.url), 'utf8')).toBe(moduleSource(tableModule, module));
});

describe('a fast lane finds what its readable twin finds, to the last bit', () => {
  test('in cells of any kind', async () => {
    const plain = fc.constantFrom('', 'NA', 'na', 'N', '0', '-0', '+1', '-', '.', '+.', '-.5', '5.', '1e5', '1E-7', '2e', '2e+', '1e999', '-1e999', '1e-999', '00000000000000000001', '9007199254740993', '123456789012345678', '1234567890123456789', '0.30000000000000004',
      '1234567890.12345678', '-12345678901234.5', '0.000000000000000000000001', '0.1234567890123456789', '8.5.1', '1,5', '2026-01-02T03:04:05Z', '=1+1', '=SUM(A1)', '+cmd|x!A1', '@a(1)', '-5 %', ' 7', '7 ', 'a"b', 'a\nb', 'a\r\nb', '"', '""', 'é', '\u{1F600}x', '\uFEFF1', '\uFFFD', 'a\0b', '\tx(', 'x'.repeat(70),
      'somebody@example.org', '4111111111111111', '2271129529', 'n/a', 'Infinity', 'NaN', '0x10', '１');
    const cell = fc.oneof(plain, fc.double({ noNaN: true }).map(String), fc.integer().map(String), fc.double({ min: -1e6, max: 1e6, noNaN: true }).chain((value) => fc.integer({ min: 0, max: 20 }).map((places) => value.toFixed(places))), fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => text.isWellFormed()), fc.stringMatching(/^[-+0-9.eE]{1,24}$/));
    const field = fc.tuple(cell, fc.boolean()).map(([text, quoted]) => (quoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text));
    const table = fc.tuple(fc.integer({ min: 1, max: 4 }).chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 40 })), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean());
    await fc.assert(fc.asyncProperty(table, fc.integer({ min: 1, max: 400 }), async ([rows, lineEnd, mark, last], size) => {
      const lines = [rows[0]?.map((_, index) => `name${index}`) ?? [], ...rows].map((fields) => fields.join(',')).join(lineEnd);
      await expectSame(bytesOf(`${mark ? '\uFEFF' : ''}${lines}${last ? lineEnd : ''}`), size);
    }), { numRuns: 500 });
  });

  test('in large columns: digests that are left out, grids that grow, commonest texts', async () => {
    const random = randomNumbers(11);
    const line = (row: number): string => [row, random() * 10 ** (row % 12), (random() * 100 - 50).toFixed(2), `t${Math.floor(random() ** 3 * 1e6)}`, row < 60_000 ? row : `x${row}`, row % 19 === 0 ? '' : (random() * 1e-300).toExponential(), `"run ${Math.floor(random() * 5_000)}, ""as"" é"`, row % 3 === 0].join(',');
    const told = await expectSame(bytesOf(`id,wide,two,text,turns,small,note,ok\n${Array.from({ length: 120_000 }, (_, row) => line(row)).join('\n')}\n`), 1 << 20);
    if (!('state' in told)) throw new Error(told.refused);
    // What this is about did happen.
    expect(told.state.columns[0]?.distinct.limit).toBeLessThan(Infinity);
    expect(told.state.columns[1]?.grid.scale).toBeGreaterThan(0);
    expect(told.state.columns[4]?.numeric).toBe(false);
  });

  test('in many columns, and in more than it takes', async () => {
    const random = randomNumbers(5);
    const wide = (columns: number, rows: number): Uint8Array => bytesOf(`${Array.from({ length: columns }, (_, column) => `c${column}`).join(',')}\n${Array.from({ length: rows }, () => Array.from({ length: columns }, (_, column) => (column % 2 === 0 ? (random() * 1e4).toFixed(1) : `v${Math.floor(random() * 3_000)}`)).join(',')).join('\n')}`);
    await expectSame(wide(40, 6_000), 1 << 20);
    await expectSame(wide(1_024, 30));
    expect(createFastCsvLane(Array.from({ length: 1_025 }, (_, column) => `c${column}`))).toBeUndefined();
  });

  test('and refuses what its twin refuses, in its words', async () => {
    const long = 'some text to fill a line';
    const spoilt = (spoil: string, where = 900): Uint8Array => bytesOf(`a,b\n${Array.from({ length: 1_000 }, (_, row) => (row === where ? spoil : `${row},${long}`)).join('\n')}`);
    const refused = async (bytes: Uint8Array): Promise<string> => {
      const told = await expectSame(bytes, 5_000);
      return 'refused' in told ? told.refused : 'nothing';
    };
    expect(await Promise.all([spoilt('1,2,3'), spoilt('1'), spoilt('1, "x"'), spoilt('1,"x"y'), spoilt('1,x\ry'), spoilt('1,"x', 999), spoilt('1,x\r', 999), spoilt('1,"x"\r', 999), spoilt('1,'), spoilt('1,', 999), spoilt('', 500)].map(refused))).toMatchInlineSnapshot(`
      [
        "EngineError: Row 902 has 3 fields, the header has 2 (the header is row 1): quote fields that hold commas or line ends, and fill in missing ones.",
        "EngineError: Row 902 has 1 fields, the header has 2 (the header is row 1): quote fields that hold commas or line ends, and fill in missing ones.",
        "EngineError: Row 902 holds blanks before a quote: begin the field with the quote (the header is row 1).",
        "EngineError: Row 902 goes on after a closing quote: end the field there, or double the quote (the header is row 1).",
        "EngineError: Row 902 holds a carriage return without a line feed: end lines with CRLF or LF (the header is row 1).",
        "EngineError: Row 1001 opens a quote that is never closed: close it (the header is row 1).",
        "EngineError: Row 1001 holds a carriage return without a line feed: end lines with CRLF or LF (the header is row 1).",
        "EngineError: Row 1001 holds a carriage return without a line feed: end lines with CRLF or LF (the header is row 1).",
        "nothing",
        "nothing",
        "EngineError: Row 502 has 1 fields, the header has 2 (the header is row 1): quote fields that hold commas or line ends, and fill in missing ones.",
      ]
    `);
    const broken = spoilt('1,é');
    broken[broken.indexOf(0xc3)] = 0xff;
    expect(await refused(broken)).toContain('not valid UTF-8');
    expect(await refused(bytesOf('a,b'))).toContain('no rows');
  });

  test('in bytes of any kind', async () => {
    const byte = fc.constantFrom(...bytesOf('",,\n\n\r\r\n  \t\0a1.5-NA')).map(Number);
    await fc.assert(fc.asyncProperty(fc.array(byte, { minLength: 1, maxLength: 80 }), fc.integer({ min: 1, max: 100 }), async (body, size) => {
      await expectSame(Uint8Array.from([...bytesOf('a,b\n'), ...body]), size);
    }), { numRuns: 1_000 });
  });
});

test('a fast cutter finds the ends of rows that its readable twin finds', () => {
  const byte = fc.oneof(fc.constantFrom(...bytesOf('"",,\n\n\r;\'ab')).map(Number), fc.constant(0xbf), fc.integer({ min: 0, max: 255 }));
  const chunks = fc.array(fc.array(byte, { maxLength: 70 }).map((bytes) => Uint8Array.from(bytes)), { maxLength: 12 });
  fc.assert(fc.property(chunks, fc.constantFrom(',', ';', '\n'), fc.constantFrom(34, 39, -1), fc.func(fc.boolean()), (pieces, delimiter, quote, takes) => {
    const [plain, fast] = [createPlainRowCutter(delimiter.charCodeAt(0), quote), createFastRowCutter(delimiter.charCodeAt(0), quote)];
    if (!fast) throw new Error('There is no WebAssembly here.');
    for (const [index, piece] of pieces.entries()) {
      const end = plain.push(piece);
      expect([fast.push(piece), fast.rows, fast.rowsAtEnd]).toEqual([end, plain.rows, plain.rowsAtEnd]);
      if (end === 0 || !takes(index)) continue;
      plain.taken(end);
      fast.taken(end);
    }
  }), { numRuns: 3_000 });
});

test('a fast cutter looks at chunks of any length', () => {
  const random = randomNumbers(2);
  const chunk = Uint8Array.from({ length: 1_000_003 }, () => (random() < 0.02 ? 10 : random() < 0.05 ? 34 : random() < 0.2 ? 44 : 97));
  const [plain, fast] = [createPlainRowCutter(44, 34), createFastRowCutter(44, 34)];
  expect([fast?.push(chunk), fast?.rows]).toEqual([plain.push(chunk), plain.rows]);
  expect(plain.rows).toBeGreaterThan(1_000);
});

test('parts are the same whether or not a block has room for what was left before it', async () => {
  const row = fc.integer({ min: 0, max: 40 }).map((length) => `${'x'.repeat(length)}\n`);
  await fc.assert(fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 30 }), async (rows, size, ahead) => {
    const bytes = bytesOf(`a\n${rows.join('')}end`);
    const cut = async (room: number, given: boolean): Promise<[string, number, number][]> => {
      const parts: [string, number, number][] = [];
      for await (const part of csvParts(evenBlocks(pieces(bytes, 7), size, room), { size, given })) parts.push([new TextDecoder().decode(part.bytes), part.before, part.rows]);
      return parts;
    };
    expect(await cut(ahead, true)).toEqual(await cut(0, false));
  }), { numRuns: 500 });
});
