import { licenceRules } from '../spdx.ts';
import type { Published } from './limits.ts';
import { shareAlikeOf } from './shareAlike.ts';
import { type Use, expandUses, nonCommercialUses, useWords, uses } from './uses.ts';

/** What may be done with a version, as far as programs are told: its licence and its publisher's limits together. */
export type TermsPolicy = {
  /** In the order of the list. */
  uses: readonly Use[];
  /** Whether anything may be made of it. */
  derivatives: boolean;
  /** Whether what is made of it may be passed on. */
  sharing: boolean;
  /** Whether a licence of what is made of it has to ask for the author's name. */
  attribution: boolean;
  /** Whether a licence of what is made of it has to forbid commercial use. */
  nonCommercial: boolean;
  /** SPDX ids one of which what is made of it has to be passed on under, sorted; undefined: any. */
  onlyUnder?: readonly string[] | undefined;
};

/** Forbids nothing. */
export const anythingGoes: TermsPolicy = { uses, derivatives: true, sharing: true, attribution: false, nonCommercial: false };

/**
 * The policy of a version. Of a licence that is not on the list nothing is taken for granted and nothing enforced. A licence without
 * derivatives lets people change a work for themselves and keep that; limits forbid even this.
 */
export function policyOf({ license, 'nd:limits': limits = {} }: Published): TermsPolicy {
  const rules = licenceRules(license);
  const onlyUnder = shareAlikeOf(license);
  const own: TermsPolicy = {
    uses: limits.uses ? expandUses(limits.uses) : uses,
    derivatives: !limits.noDerivatives, sharing: !limits.noDerivatives && !limits.noSharing && !rules?.noDerivatives,
    attribution: rules?.attribution ?? false, nonCommercial: rules?.nonCommercial ?? false, ...(onlyUnder ? { onlyUnder } : {}),
  };
  return rules?.nonCommercial ? { ...own, uses: own.uses.filter((use) => nonCommercialUses.includes(use)) } : own;
}

/** The stricter of both in every respect: it permits nothing that one of them forbids. What nothing is left of (`uses`, `onlyUnder`) is a conflict. */
export function joinPolicies(a: TermsPolicy, b: TermsPolicy): TermsPolicy {
  const onlyUnder = a.onlyUnder && b.onlyUnder ? a.onlyUnder.filter((id) => b.onlyUnder!.includes(id)) : (a.onlyUnder ?? b.onlyUnder);
  return {
    uses: a.uses.filter((use) => b.uses.includes(use)), derivatives: a.derivatives && b.derivatives, sharing: a.sharing && b.sharing,
    attribution: a.attribution || b.attribution, nonCommercial: a.nonCommercial || b.nonCommercial, ...(onlyUnder ? { onlyUnder } : {}),
  };
}

/** What somebody wants something for, and whether what comes of it is passed on. */
export type Purpose = { use: Use; sharesResult: boolean };

/** Why something may not be done: a whole sentence. */
export type TermsConflict = { about: 'use' | 'derivatives' | 'sharing' | 'licence' | 'purpose'; sentence: string };

/** Where a purpose goes against a policy. `derives`: something is to be made of it, as a run does. */
export function conflictsOf({ policy, purpose, derives }: { policy: TermsPolicy; purpose: Purpose; derives: boolean }): TermsConflict[] {
  const { use, sharesResult } = purpose;
  return [
    ...(policy.uses.includes(use) ? [] : [{ about: 'use' as const, sentence: `The terms do not admit ${useWords[use]}: ${admittedText(policy)}.` }]),
    ...(derives && !policy.derivatives ? [noDerivatives] : []),
    ...(sharesResult && !policy.sharing ? [noSharing] : []),
    ...(sharesResult && policy.onlyUnder?.length === 0 ? [noLicence] : []),
  ];
}

/** Where inputs that are to be used together go against each other, so that nothing could be made of them and passed on. */
export function jointConflicts(policies: readonly TermsPolicy[]): TermsConflict[] {
  const joint = policies.reduce(joinPolicies, anythingGoes);
  return [
    ...(joint.uses.length > 0 ? [] : [{ about: 'use' as const, sentence: 'The inputs admit no use in common.' }]),
    ...(joint.derivatives ? [] : [noDerivatives]),
    ...(joint.onlyUnder?.length === 0 ? [noLicence] : []),
  ];
}

const noDerivatives: TermsConflict = { about: 'derivatives', sentence: 'The terms do not admit that anything is made of it: no runs and no models.' };
const noSharing: TermsConflict = { about: 'sharing', sentence: 'The terms do not admit that what is made of it is passed on.' };
const noLicence: TermsConflict = { about: 'licence', sentence: 'Each of the inputs asks that what is made of it is passed on under its own licence, and no licence fits all of them.' };

export function admittedText({ uses: admitted }: TermsPolicy): string {
  return admitted.length === 0 ? 'no use is left' : `they admit ${admitted.map((use) => useWords[use]).join(', ')}`;
}
