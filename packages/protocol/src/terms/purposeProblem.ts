import type { Published } from './limits.ts';
import { type Purpose, type TermsConflict, conflictsOf, policyOf } from './policy.ts';

/**
 * Why somebody may not have a version for a purpose; undefined where nothing is in the way. What has limits is given out for a purpose only;
 * of anything else nobody is asked, and a purpose that is named all the same is held against the licence.
 */
export function purposeProblem({ published, purpose, derives }: { published: Published; purpose?: Purpose | undefined; derives: boolean }): TermsConflict | undefined {
  if (purpose) return conflictsOf({ policy: policyOf(published), purpose, derives })[0];
  if (published['nd:limits'] === undefined) return undefined;
  return { about: 'purpose', sentence: 'Its publisher limits what it may be used for, and nobody has said what it is wanted for.' };
}
