import { expect, test } from 'vitest';
import { reviewWeight, weightedRating } from './weightedRating.ts';

test('who has trained on an asset counts more, up to five times', () => {
  expect([0, 1, 3, 4, 5, 1_000].map(reviewWeight)).toEqual([1, 2, 4, 5, 5, 5]);
  expect(weightedRating([{ rating: 5, verifiedRuns: 3 }, { rating: 2, verifiedRuns: 0 }])).toEqual({ count: 2, weight: 5, mean: 350, weightedMean: 440 });
  expect(weightedRating([])).toEqual({ count: 0, weight: 0, mean: null, weightedMean: null });
});
