// @vitest-environment node
import type { Signing } from '@neurodata/sdk';
import { beforeAll, expect, test, vi } from 'vitest';

let told: typeof import('./signings.ts');
const kept = new Map<string, string>();
const signing = (id: string, state: Signing['state'], sentence = 'Vote for proposal 1'): Signing => ({ id, state, kind: 'transaction', account: '0x0000000000000000000000000000000000000001', sentence });

beforeAll(async () => {
  vi.stubGlobal('sessionStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key) });
  told = await import('./signings.ts');
});

test('what was refused leaves when the same is tried again; another refusal, and what has failed, stay', () => {
  told.tellSigning(signing('a', 'rejected'));
  told.tellSigning(signing('b', 'rejected', 'Draw the jury'));
  told.tellSigning(signing('c', 'failed'));
  told.tellSigning(signing('d', 'asked'));
  expect(told.readSignings().map(({ id }) => id)).toEqual(['b', 'c', 'd']);
  told.tellSigning(signing('d', 'rejected'));
  expect(told.readSignings().map(({ id, state }) => [id, state])).toEqual([['b', 'rejected'], ['c', 'failed'], ['d', 'rejected']]);
});
