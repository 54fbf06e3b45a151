import { expect, test } from 'vitest';
import { rankCandidates } from './rankCandidates.ts';

const candidates = [0.5, null, 0.9, 0.5, 0.7].map((mean) => ({ parameters: {}, score: mean === null ? null : { mean, deviation: 0 } }));

test('best first, equals share a rank and keep their order, one without a score is last', () => {
  expect(rankCandidates({ candidates }, 'higher')).toEqual([
    { candidate: 2, rank: 1 }, { candidate: 4, rank: 2 }, { candidate: 0, rank: 3 }, { candidate: 3, rank: 3 }, { candidate: 1, rank: undefined },
  ]);
  expect(rankCandidates({ candidates }, 'lower').map(({ candidate }) => candidate)).toEqual([0, 3, 4, 2, 1]);
  expect(rankCandidates({ candidates: [candidates[1]!, candidates[1]!] }, 'lower')).toEqual([{ candidate: 0, rank: undefined }, { candidate: 1, rank: undefined }]);
});
