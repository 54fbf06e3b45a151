import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { describeSafely } from './describeSafely.ts';
import { sharedPart } from './sharedPart.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const limits = { timeoutMs: 60_000 };

/** Why a table is refused. */
async function refusal(table: Uint8Array, caps: { heapMb?: number; memoryMb?: number } = {}): Promise<string> {
  return describeSafely({ table, ...limits, ...caps }).then(() => 'nothing', (error: unknown) => `${(error as { code: string }).code}: ${(error as Error).message}`);
}

test('a table is described as in this process', async () => {
  const { profile, sketches } = await describeSafely({ table: bytesOf('a,b\n1,x\n2,\n'), sketchKeys: [new Uint8Array(32)], ...limits });
  expect(profile).toMatchObject({ rows: 2, format: 'csv', columns: [{ name: 'a', kind: 'numeric', min: 1 }, { name: 'b', missing: 1 }] });
  expect(sketches.map(({ length }) => length)).toEqual([2]);
});

test('hostile tables end with a reason, within their memory', async () => {
  expect(await refusal(Uint8Array.of(97, 10, 0xff, 0xfe))).toMatch(/^NOT_UTF8/);
  expect(await refusal(bytesOf(`${'['.repeat(1_000_000)}`))).toMatch(/^BAD_JSON/);
  expect(await refusal(bytesOf(`[${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}]`))).toMatch(/^BAD_NUMBER/);
  expect(await refusal(bytesOf(`{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`))).toMatch(/^BAD_NUMBER/);
  expect(await refusal(bytesOf(`a\n"${'x'.repeat(1_000_000)}`))).toMatch(/^BAD_CSV/);
  expect(await refusal(new Uint8Array(40 * 2 ** 20).fill(44))).toMatch(/^TOO_LARGE: The header has more than/);
  expect(await refusal(bytesOf(Array.from({ length: 10_001 }, (_, index) => `c${index}`).join()))).toMatch(/^TOO_LARGE: The table has more than 10000 columns/);
  expect(await refusal(new Uint8Array(100 * 2 ** 20).fill(97))).toMatch(/^TOO_LARGE: Column 1 has a name of/);
}, 120_000);

test('what needs more memory than there is ends that process, and not this one', async () => {
  // An object of a JSON list becomes twenty times its size; the list itself is read an object at a time.
  const list = bytesOf(`[{"a":[${Array.from({ length: 1_500_000 }, (_, row) => `[${row},[[]]]`).join()}]}]`);
  expect(list.length).toBeLessThan(64 * 2 ** 20);
  expect(await refusal(list, { heapMb: 64 })).toMatch(/^TOO_LARGE: Describing the table takes more than/);
  expect(await refusal(new Uint8Array(200 * 2 ** 20).fill(97), { memoryMb: 150 })).toMatch(/^TOO_LARGE: Describing the table takes more than 150 MiB/);
}, 120_000);

test('a Parquet file of a few kilobytes that becomes very large is refused before it does', async () => {
  const bomb = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'a', data: ['x'.repeat(2 ** 28 + 1)], type: 'STRING' }], codec: 'SNAPPY' }));
  expect(bomb.length).toBeLessThan(2 ** 24);
  expect(await refusal(bomb)).toMatch(/^TOO_LARGE: A page of the file says that \d+ bytes become 268435461/);
}, 120_000);

test('rows that two tables share are found in another order, under other names, in another format, with a few of them changed', async () => {
  // Always the same, since what is estimated by another may lie a little further off.
  const key = new Uint8Array(32).fill(7);
  const of = async (table: string, by = key): Promise<number[]> => (await describeSafely({ table: bytesOf(table), sketchKeys: [by], ...limits })).sketches[0] ?? [];
  const rows = Array.from({ length: 3_000 }, (_, row) => ({ a: row * 1.5, b: `city ${row % 700}`, c: row % 11 }));
  const csv = (list: typeof rows, head = 'a,b,c'): string => [head, ...list.map(({ a, b, c }) => `${a},${b},${c}`)].join('\n');
  const original = await of(csv(rows));
  expect(original).toHaveLength(256);
  const turned = ['three,one,two', ...rows.toReversed().map(({ a, b, c }) => `${c}.0,${a},${b}`)].join('\n');
  expect(sharedPart(await of(turned), original)).toBe(1);
  expect(sharedPart(await of(rows.map((row) => JSON.stringify(row)).join('\n')), original)).toBe(1);
  const changed = rows.map((row, index) => (index % 10 === 0 ? { ...row, c: 99 } : row));
  expect(sharedPart(await of(csv(changed)), original)).toBeCloseTo(0.9, 1);
  // Twice as many rows, half of them copied: of its own rows half, and all of the older table's.
  const longer = [...rows, ...rows.map((row) => ({ ...row, a: row.a + 10_000 }))];
  expect(sharedPart(await of(csv(longer)), original)).toBeCloseTo(0.5, 1);
  expect(sharedPart(original, await of(csv(longer)))).toBe(1);
  const unrelated = rows.map((row) => ({ ...row, a: row.a + 0.25 }));
  expect(sharedPart(await of(csv(unrelated)), original)).toBe(0);
  // Few rows say nothing; neither do rows that are few against the other table's; and another key finds nothing.
  expect(sharedPart(await of(csv(rows.slice(0, 31))), original)).toBeUndefined();
  expect(sharedPart(await of(csv(rows.slice(0, 100))), original)).toBeUndefined();
  expect(sharedPart(await of(csv(rows), new Uint8Array(32)), original)).toBe(0);
}, 120_000);

test('a large table is described while it passes by, and its rows are sketched as those of a small one', async () => {
  const table = bytesOf(`a,b\n${Array.from({ length: 200_000 }, (_, row) => `${row},text ${row % 1_000} to fill a line`).join('\n')}\n`);
  const key = new Uint8Array(32).fill(3);
  const [streamed, whole] = [await describeSafely({ table, sketchKeys: [key], streamed: true, ...limits }), await describeSafely({ table, sketchKeys: [key], ...limits })];
  expect(streamed.sketches).toEqual(whole.sketches);
  expect(streamed.profile.columns.map(({ name, missing, min, max, estimated }) => [name, missing, min, max, estimated])).toEqual([['a', 0, 0, 199_999, true], ['b', 0, undefined, undefined, true]]);
  expect(await describeSafely({ table: bytesOf('a,b\n1\n'), streamed: true, ...limits }).catch((error: unknown) => (error as { code: string }).code)).toBe('RAGGED_ROW');
});
