import { expect, test } from 'vitest';
import { sampleByDefault } from './sampleByDefault.ts';

test('a sample is given by default of what may be copied, is no small table, and tells of nobody', () => {
  const table = { license: 'CC-BY-4.0', rows: 40, open: false, limited: false, personal: false };
  expect(['CC0-1.0', 'CC-BY-4.0', 'ODbL-1.0', 'MIT', 'apache-2.0'].map((license) => sampleByDefault({ ...table, license }))).toEqual([true, true, true, true, true]);
  expect(['CC-BY-NC-4.0', 'CC-BY-ND-4.0', 'LicenseRef-Own', 'https://example.org/terms', ''].map((license) => sampleByDefault({ ...table, license }))).toEqual([false, false, false, false, false]);
  expect([{ rows: 39 }, { open: true }, { limited: true }, { personal: true }].map((but) => sampleByDefault({ ...table, ...but }))).toEqual([false, false, false, false]);
});
