import { expect, test } from 'vitest';
import { disputePhase, rulingsOf, votesOf } from './disputePhase.ts';
import type { JuryFacts } from './disputePhase.ts';

const seat = (state: JuryFacts['seats'][number]['state'], vote: number | null = null, count = 1) => ({ count, state, vote });
const jury = (over: Partial<JuryFacts> = {}): JuryFacts => ({ size: 3, drawUntil: 10, commitUntil: 20, revealUntil: 30, appealUntil: 40, seats: [seat('silent'), seat('silent')], ...over });

test.each([
  ['drawing, its last second inside', jury({ commitUntil: null, seats: [] }), 10, { phase: 'drawing', deadline: 10 }],
  ['a draw that came to nothing', jury({ commitUntil: null, seats: [] }), 11, { phase: 'over' }],
  ['committing', jury(), 20, { phase: 'commit', deadline: 20 }],
  ['nobody committed: nothing to reveal', jury(), 21, { phase: 'appeal', deadline: 40 }],
  ['revealing early, once all have committed', jury({ seats: [seat('committed'), seat('committed')] }), 12, { phase: 'reveal', deadline: 30 }],
  ['revealing', jury({ seats: [seat('committed'), seat('silent')] }), 30, { phase: 'reveal', deadline: 30 }],
  ['all have revealed', jury({ seats: [seat('revealed', 1), seat('revealed', 1)] }), 12, { phase: 'appeal', deadline: 40 }],
  ['a juror kept its vote back', jury({ seats: [seat('revealed', 1), seat('committed')] }), 31, { phase: 'appeal', deadline: 40 }],
  ['no appeal came', jury({ seats: [seat('revealed', 1)] }), 41, { phase: 'over' }],
  ['governance is asked', jury({ size: 0, commitUntil: null, seats: [] }), 40, { phase: 'governance', deadline: 40 }],
  ['governance did not answer', jury({ size: 0, commitUntil: null, seats: [] }), 41, { phase: 'over' }],
] as const)('%s', (_, last, now, expected) => {
  expect(disputePhase({ ended: false, last }, now)).toEqual(expected);
  expect(disputePhase({ ended: true, last }, now)).toEqual({ phase: 'final' });
});

test('seats count, not jurors; what was not revealed does not', () => {
  expect(votesOf({ seats: [seat('revealed', 2, 3), seat('revealed', 1), seat('revealed', 1), seat('committed', 1, 9), seat('silent')] })).toEqual([{ ruling: 1, seats: 2 }, { ruling: 2, seats: 3 }]);
});

test('a tie decides nothing, and a round without votes leaves the ruling before', () => {
  const rounds = [[seat('revealed', 1)], [seat('silent')], [seat('revealed', 1), seat('revealed', 2)], [seat('revealed', 2, 2), seat('revealed', 1)]].map((seats) => ({ seats }));
  expect(rulingsOf(rounds)).toEqual([1, 1, 0, 2]);
  expect(rulingsOf([{ seats: [] }])).toEqual([0]);
});
