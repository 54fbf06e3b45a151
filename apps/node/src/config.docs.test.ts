import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { settingNames } from './config.ts';

test('the table of settings names each that is read, once, and no other', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
  const table = text.slice(text.indexOf('## Settings'), text.indexOf('## Is it well?'));
  const named = [...table.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name!);
  expect(named.toSorted()).toEqual(settingNames.toSorted());
});
