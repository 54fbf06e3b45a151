import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isCommonPassword, isInLeakFile } from './commonPasswords.ts';

test.each(['password1234', 'Password123!', 'qwertyuiop123', 'iloveyou12345', 'iloveyoumonkey', '123456789012', 'dragon-football', 'P@ssw0rd2024', '!!!letmein!!!', 'princess2019'])('"%s" is tried first', (password) => {
  expect(isCommonPassword(password)).toBe(true);
});

test.each(['correct horse battery', 'another long secret', 'tK9#vQ2m!xLp', 'zwölf graue Katzen', 'monkey dragon football', 'a wrong password'])('"%s" is not', (password) => {
  expect(isCommonPassword(password)).toBe(false);
});

test('leaked passwords are found in a sorted file, first, last and between; others are not', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-leaks-'));
  const file = path.join(folder, 'leaks.txt');
  const known = Array.from({ length: 500 }, (_, index) => `leaked ${index}`);
  const hashOf = (text: string): string => createHash('sha1').update(text).digest('hex').toUpperCase();
  await writeFile(file, `${known.map((text, index) => `${hashOf(text)}:${index * 977}`).toSorted().join('\n')}\n`);
  for (const text of known) expect([text, await isInLeakFile(file, text)]).toEqual([text, true]);
  for (let index = 0; index < 200; index += 1) expect(await isInLeakFile(file, `not leaked ${index}`)).toBe(false);
  await rm(folder, { recursive: true });
});
