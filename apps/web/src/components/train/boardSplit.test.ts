import type { BoardSplit } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { boardChoice, boardProblems, withBoard } from './boardSplit.ts';
import { draftFor } from './draft.ts';

const fixed: BoardSplit = { fixed: true, block: 43, blockHash: `0x${'b1'.repeat(32)}`, split: { rule: 'hash-rank', seed: 77, testFraction: 0.25 } };
const draft = { ...draftFor([{ name: 'a', kind: 'categorical', missing: 0, distinct: 2 }, { name: 'b', kind: 'numeric', missing: 0, distinct: 9 }], { algorithms: ['logistic-regression'] }), seed: '9', testFraction: '0.5' };

test('a fresh draft counts as soon as the chain has fixed the split, which takes the place of what was typed', () => {
  expect([boardChoice(draft, undefined, false), boardChoice(draft, fixed, false)]).toEqual(['reading', 'counts']);
  expect(withBoard(draft, 'counts', fixed)).toEqual({ ...draft, seed: '77', testFraction: '0.25' });
});

test('whoever switches it off, or finds clusters, keeps what was typed', () => {
  expect(boardChoice({ ...draft, onBoard: false }, fixed, false)).toBe('off');
  expect(boardChoice({ ...draft, task: 'clustering' }, fixed, false)).toBe('no-board');
  expect(withBoard(draft, 'off', fixed)).toEqual(draft);
});

test('a run does not miss the leaderboard because its split was not there in time', () => {
  expect(boardProblems[boardChoice(draft, undefined, true)]).toContain('switch “Count on the leaderboard” off');
  const choice = boardChoice(draft, { fixed: false, block: 43 }, false);
  expect([choice, boardProblems[choice], withBoard(draft, choice, { fixed: false, block: 43 })]).toEqual(['not-fixed', undefined, draft]);
});
