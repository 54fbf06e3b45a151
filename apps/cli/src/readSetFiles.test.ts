import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readSetFiles } from './readSetFiles.ts';

test('files take the place of their names, where the parameter takes a file', async () => {
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'neurodata-set-')), 'a.wasm');
  await writeFile(file, 'abc');
  expect(await readSetFiles([`module=@${file}`, `settings=@${file}`, 'max_steps=@3', 'settings={"a":"@b"}'], 'custom')).toEqual(['module=YWJj', 'settings=abc', 'max_steps=@3', 'settings={"a":"@b"}']);
  expect(await readSetFiles(undefined, undefined)).toEqual([]);
  await expect(readSetFiles([`module=@${file}.not`], 'custom')).rejects.toThrow(/a\.wasm\.not/);
  await expect(readSetFiles([`module=@${file}`], 'svm')).rejects.toMatchObject({ code: 'BAD_INPUT' });
});
