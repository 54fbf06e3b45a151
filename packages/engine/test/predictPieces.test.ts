import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Prediction, predict, predictPieces, train } from '../src/index.ts';
import { csvPieces } from '../src/table/csvPieces.ts';
import { penguinsCsv, penguinsSpec } from './datasets.ts';
import { bytesOf } from './spec.ts';

let model: Uint8Array;
beforeAll(async () => {
  ({ model } = await train({ csv: penguinsCsv(), spec: penguinsSpec }));
});

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(source: AsyncIterable<Uint8Array>): Promise<Prediction[]> {
  const found: Prediction[] = [];
  for await (const piece of predictPieces({ model, source })) found.push(piece);
  return found;
}

/** The penguins again and again: about `times` x 14 kB, above the size of a piece from 300 on. */
function manyPenguins(times: number): Uint8Array {
  const [header, ...rows] = new TextDecoder().decode(penguinsCsv()).trimEnd().split('\n');
  return bytesOf(`${[header, ...Array.from({ length: times }, () => rows).flat()].join('\n')}\n`);
}

test('a file in pieces has the predictions of the whole file', async () => {
  const csv = manyPenguins(700);
  const whole = await predict({ model, csv });
  const pieces = await all(inChunks(csv, 1 << 20));
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.flatMap(({ labels }) => labels)).toEqual(whole.labels);
  expect(Float64Array.from(pieces.flatMap(({ outputs }) => Array.from(outputs)))).toEqual(whole.outputs);
});

test('what is wrong in a later piece is named by its row in the file', async () => {
  const rows = 344 * 700;
  const [header = ''] = new TextDecoder().decode(penguinsCsv()).split('\n');
  const bad = async (line: string): Promise<string> => all(inChunks(bytesOf(`${new TextDecoder().decode(manyPenguins(700))}${line}\n`), 1 << 18)).then(() => 'nothing', (error: unknown) => String(error));
  const cells = header.split(',').map((name) => (name.startsWith('Beak Length') ? 'x' : ''));
  expect(await bad(cells.join(','))).toContain(`in row ${rows + 2} (the header is row 1)`);
  expect(await bad('only one')).toContain(`Row ${rows + 2} has 1 fields`);
});

test('a file without rows, and other formats', async () => {
  const [header = ''] = new TextDecoder().decode(penguinsCsv()).split('\n');
  await expect(all(inChunks(bytesOf(''), 10))).rejects.toThrow('The file is empty');
  await expect(all(inChunks(bytesOf(`${header}\n`), 10))).rejects.toThrow('a header but no rows');
  const json = bytesOf(JSON.stringify([Object.fromEntries(header.split(',').map((name) => [name, null]))]));
  expect((await all(inChunks(json, 7))).map(({ rows }) => rows)).toEqual([1]);
});

test('pieces are the file, cut at the ends of rows', async () => {
  const field = fc.oneof(fc.constantFrom('a', '1', ''), fc.constantFrom('"x\ny"', '"say ""hi""\r\n"', '"é,"'));
  const file = fc.array(fc.tuple(field, field), { minLength: 2, maxLength: 30 }).map((rows) => rows.map((row) => row.join(',')));
  await fc.assert(fc.asyncProperty(file, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 }), fc.boolean(), async (rows, size, chunk, ended) => {
    const text = rows.join('\n') + (ended ? '\n' : '');
    const ends = new Set(rows.map((_, index) => bytesOf(`${rows.slice(0, index + 1).join('\n')}\n`).length));
    const found: Uint8Array[] = [];
    for await (const piece of csvPieces(inChunks(bytesOf(text), chunk), size)) found.push(piece);
    expect(Buffer.concat(found).toString()).toBe(text);
    let at = 0;
    for (const [index, piece] of found.entries()) {
      at += piece.length;
      if (index < found.length - 1) expect(ends.has(at)).toBe(true);
    }
    expect(found[0]?.length).toBeGreaterThanOrEqual(Math.min(bytesOf(text).length, bytesOf(`${rows.slice(0, 2).join('\n')}\n`).length));
  }), { numRuns: 200 });
});
