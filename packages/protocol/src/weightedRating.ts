/** No review counts more than this many times an unverified one. */
export const mostReviewWeight = 5;

/** How much a review counts: 1, and 1 more for each run of its author on the same asset that validators repeated, up to 5. */
export function reviewWeight(verifiedRuns: number): number {
  return Math.min(mostReviewWeight, 1 + Math.max(0, Math.floor(verifiedRuns)));
}

export type WeightedRating = {
  count: number;
  /** Sum of the weights. */
  weight: number;
  /** In hundredths of a star, rounded down; null where nobody has said anything. */
  mean: number | null;
  weightedMean: number | null;
};

/**
 * The rating of an asset from all of its reviews. Integers only, so that everybody comes to the same number.
 *
 * @example weightedRating([{ rating: 5, verifiedRuns: 3 }, { rating: 2, verifiedRuns: 0 }]) // { count: 2, weight: 5, mean: 350, weightedMean: 440 }
 */
export function weightedRating(reviews: readonly { rating: number; verifiedRuns: number }[]): WeightedRating {
  let [weight, sum, weighted] = [0, 0, 0];
  for (const { rating, verifiedRuns } of reviews) {
    const own = reviewWeight(verifiedRuns);
    [weight, sum, weighted] = [weight + own, sum + rating, weighted + own * rating];
  }
  const count = reviews.length;
  return { count, weight, mean: count === 0 ? null : Math.floor((100 * sum) / count), weightedMean: count === 0 ? null : Math.floor((100 * weighted) / weight) };
}
