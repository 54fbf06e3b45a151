import { findLicence, licenceRules, spdxLicences } from '../spdx.ts';
import { type Limits, type Published } from './limits.ts';
import { type TermsConflict, type TermsPolicy, admittedText, anythingGoes, joinPolicies, jointConflicts, policyOf } from './policy.ts';
import { uses } from './uses.ts';

const joined = (parents: readonly TermsPolicy[]): TermsPolicy => parents.reduce(joinPolicies, anythingGoes);

/** SPDX ids that something made of these may come under, of those on the list. None: it may not be passed on. */
export function derivedLicences(parents: readonly TermsPolicy[]): string[] {
  const joint = joined(parents);
  return joint.derivatives && joint.sharing && joint.uses.length > 0 ? Object.keys(spdxLicences).filter((id) => licenceConflicts(joint, id).length === 0) : [];
}

/** The limits of something made of these: its own, made as strict as what it was made of. Undefined where nothing is limited. */
export function inheritLimits(parents: readonly Published[], own: Limits = {}): Limits | undefined {
  const strict = parents.map((parent) => policyOf({ license: '', 'nd:limits': parent['nd:limits'] })).reduce(joinPolicies, policyOf({ license: '', 'nd:limits': own }));
  const limits: Limits = {
    ...(strict.uses.length === uses.length || strict.uses.length === 0 ? {} : { uses: [...strict.uses] }),
    ...(strict.derivatives ? {} : { noDerivatives: true as const }), ...(strict.sharing || !strict.derivatives ? {} : { noSharing: true as const }),
  };
  return Object.keys(limits).length > 0 ? limits : undefined;
}

/** Why something made of these may not be published as it is to be: what it was made of forbids it, or its own terms are looser. */
export function derivedConflicts({ parents, child }: { parents: readonly TermsPolicy[]; child: Published }): TermsConflict[] {
  const joint = joined(parents);
  const against = jointConflicts(parents);
  if (against.length > 0) return against;
  if (!joint.sharing) return [{ about: 'sharing', sentence: 'It was made of something whose terms do not admit that what is made of it is passed on.' }];
  const own = policyOf(child);
  const looser = own.uses.filter((use) => !joint.uses.includes(use));
  return [
    ...licenceConflicts(joint, child.license),
    ...(looser.length > 0 ? [{ about: 'use' as const, sentence: `It admits uses that what it was made of forbids (${looser.join(', ')}): ${admittedText(joint)}.` }] : []),
  ];
}

function licenceConflicts(joint: TermsPolicy, license: string): TermsConflict[] {
  const rules = licenceRules(license);
  const missing = (what: string): TermsConflict => ({ about: 'licence', sentence: `What it was made of asks ${what}, and "${license.slice(0, 60)}" is not known to.` });
  const id = findLicence(license);
  return [
    ...(joint.onlyUnder && !(id !== undefined && joint.onlyUnder.includes(id)) ? [{ about: 'licence' as const, sentence: `What it was made of asks that it comes under ${joint.onlyUnder.join(' or ')}, not under "${license.slice(0, 60)}".` }] : []),
    ...(joint.attribution && !rules?.attribution ? [missing('for a licence that names its author')] : []),
    ...(joint.nonCommercial && !rules?.nonCommercial ? [missing('for a licence without commercial use')] : []),
  ];
}
