import { expect, test } from 'vitest';
import * as protocol from './index.ts';

type Item = { type: string; name?: string };

const abis: [string, readonly Item[]][] = Object.entries(protocol).flatMap(([name, value]): [string, readonly Item[]][] => (name.endsWith('Abi') ? [[name, value as readonly Item[]]] : []));
const errors = new Set(abis.flatMap(([, abi]) => abi.filter(({ type }) => type === 'error').map(({ name }) => name ?? '')));

test('every custom error of every contract is explained or known as internal', () => {
  expect(abis.length).toBeGreaterThanOrEqual(10);
  const missing = [...errors].filter((name) => !(name in protocol.explanations) && !protocol.internalErrors.includes(name));
  expect(missing).toEqual([]);
});

test('nothing is explained that no contract says', () => {
  const known = [...Object.keys(protocol.explanations), ...protocol.internalErrors];
  expect(known.filter((name) => !errors.has(name))).toEqual([]);
  expect(new Set(known).size).toBe(known.length);
});
