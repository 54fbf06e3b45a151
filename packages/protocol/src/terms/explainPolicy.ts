import { type TermsPolicy, admittedText } from './policy.ts';
import { uses } from './uses.ts';

/** A policy in sentences, the strictest first; none where nothing is limited. */
export function explainPolicy(policy: TermsPolicy): string[] {
  const { derivatives, sharing, attribution, nonCommercial, onlyUnder } = policy;
  return [
    ...(policy.uses.length === uses.length ? [] : [`As for uses, ${admittedText(policy)}.`]),
    ...(derivatives ? [] : ['Nothing may be made of it: no runs, no models.']),
    ...(derivatives && !sharing ? ['What is made of it may not be passed on.'] : []),
    ...(onlyUnder ? [`What is made of it is passed on under ${onlyUnder.join(' or ')} only.`] : []),
    ...(nonCommercial ? ['What is made of it comes under a licence without commercial use.'] : []),
    ...(attribution ? ['Whoever passes it on, or what is made of it, names the author.'] : []),
  ];
}
