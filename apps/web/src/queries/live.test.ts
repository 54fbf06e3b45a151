import { expect, test } from 'vitest';
import { staleKeys } from './live.ts';

test('a topic names the queries to read again', () => {
  expect(staleKeys('asset:7')).toContainEqual(['asset', 7]);
  expect(staleKeys('round:0x03')).toContainEqual(['network']);
  expect(staleKeys('order:0x01ab')).toContainEqual(['order', '0x01ab']);
  expect(staleKeys('job:0x02cd')).toContainEqual(['job', '0x02cd']);
  expect(staleKeys('deal:0x01')).toEqual([['deal', '0x01'], ['deals']]);
  expect(staleKeys('dispute:3')).toContainEqual(['disputes']);
  expect(staleKeys('proposal:77')).toEqual([['proposals']]);
  expect(staleKeys('review:0x01')).toEqual([['reviews']]);
  expect(staleKeys('head')).toEqual([]);
});
