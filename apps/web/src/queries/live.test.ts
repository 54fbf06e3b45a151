import { expect, test } from 'vitest';
import { staleKeys } from './live.ts';

test('a topic names the queries to read again', () => {
  expect(staleKeys('asset:7')).toContainEqual(['asset', 7]);
  expect(staleKeys('order:0x01ab')).toContainEqual(['order', '0x01ab']);
  expect(staleKeys('job:0x02cd')).toContainEqual(['job', '0x02cd']);
  expect(staleKeys('head')).toEqual([]);
});
