import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withDescription } from './withDescription.ts';

let folder: string;
beforeAll(async () => { folder = await mkdtemp(path.join(tmpdir(), 'neurodata-from-')); });
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, value: unknown): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}
const croissant = { '@type': 'sc:Dataset', name: 'Titanic', description: 'Who survived.', license: 'https://creativecommons.org/licenses/by/4.0/', url: 'https://example.org/titanic', keywords: ['ships'], recordSet: { field: { name: 'age', dataType: 'sc:Float' } } };

test('a description fills what was not typed, and keeps what was', async () => {
  const from = await fileOf('croissant.json', croissant);
  expect(await withDescription({ from })).toEqual({ options: { title: 'Titanic', description: 'Who survived.', license: 'CC-BY-4.0', source: 'https://example.org/titanic', tags: ['ships'] }, columns: [{ name: 'age', kind: 'number' }] });
  const { options } = await withDescription({ from, title: 'Mine', license: 'MIT', tags: ['a'], price: 5n });
  expect(options).toEqual({ title: 'Mine', description: 'Who survived.', license: 'MIT', source: 'https://example.org/titanic', tags: ['a'], price: 5n });
  expect(await withDescription({ title: 'T', description: 'D', license: 'MIT' })).toEqual({ options: { title: 'T', description: 'D', license: 'MIT' }, columns: [] });
});

test('what is missing is named, and an unknown licence says what to type', async () => {
  await expect(withDescription({ title: 'T' })).rejects.toThrow('--description, --license are missing. Give them, or --from');
  const bare = await fileOf('bare.json', { title: 'T', licenses: [{ name: 'other' }] });
  await expect(withDescription({ from: bare })).rejects.toThrow(expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringContaining('the licence "other", which is not known here. Say which one it is with --license') }));
  await expect(withDescription({ from: bare, license: 'MIT' })).rejects.toThrow(`--description is missing: ${bare} does not say it. Type what is missing.`);
  expect((await withDescription({ from: bare, license: 'MIT', description: 'D' })).options).toEqual({ title: 'T', description: 'D', license: 'MIT' });
});

test('a file that is none, or too large, is refused by its name', async () => {
  await expect(withDescription({ from: path.join(folder, 'nowhere.json') })).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  await expect(withDescription({ from: await fileOf('large.json', ' '.repeat(4 * 2 ** 20 + 1)) })).rejects.toThrow(expect.objectContaining({ code: 'TOO_LARGE', message: expect.stringContaining('large.json') }));
  await expect(withDescription({ from: await fileOf('list.json', '[1]') })).rejects.toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});
