import type { ListingDto } from '../dto.ts';
import { formatNcr } from '../amounts.ts';
import { licenceRules, licenceUrl } from '../spdx.ts';
import type { Terms } from '../terms.ts';
import type { Limits } from '../terms/limits.ts';
import { limitsUsage } from './limitsUsage.ts';

/** A listing as far as it is known: its terms are a block of their own, which may be out of reach. */
export type OfferedTerms = Pick<ListingDto, 'listingId' | 'kind' | 'price' | 'token' | 'periodMinutes' | 'modelShareBps' | 'termsDigest'> & { terms?: Terms | undefined };

type Node = Record<string, unknown>;

/**
 * `usageInfo`: what the licence allows and the publisher forbids, as terms of the Data Use Ontology and ODRL policies, and each standing offer as an ODRL offer
 * with its price. What the licence's text says beyond that is not told: the licence itself binds.
 */
export function describeUsage(parameters: { license: string; limits?: Limits | undefined; page: string; offers: readonly OfferedTerms[] }): Node[] {
  const { license, limits, page, offers } = parameters;
  return [...licenceUsage(license), ...limitsUsage(limits, page), ...offers.map((offer) => offerUsage(offer, page))];
}

const term = (code: string, name: string): Node => ({ '@type': 'DefinedTerm', name, termCode: `DUO_${code}`, url: `http://purl.obolibrary.org/obo/DUO_${code}` });
const action = (id: string): Node => ({ '@id': id });
const named = (name: string, more: Node): Node => ({ '@type': ['CreativeWork', 'odrl:Set'], name, ...more });

function licenceUsage(license: string): Node[] {
  const rules = licenceRules(license);
  if (rules === undefined) return [];
  const { name, attribution, shareAlike, nonCommercial, noDerivatives } = rules;
  const free = !attribution && !shareAlike && !nonCommercial && !noDerivatives;
  const duties = [...(attribution ? ['cc:Attribution'] : []), ...(shareAlike ? ['cc:ShareAlike'] : [])];
  const prohibited = [...(nonCommercial ? ['cc:CommercialUse'] : []), ...(noDerivatives ? ['odrl:derive'] : [])];
  return [
    free ? term('0000004', 'no restriction') : term('0000042', 'general research use'),
    ...(nonCommercial ? [term('0000046', 'non-commercial use only')] : []),
    named(name, {
      url: licenceUrl(license),
      'odrl:permission': {
        '@type': 'odrl:Permission', 'odrl:action': action('odrl:use'),
        ...(duties.length > 0 ? { 'odrl:duty': duties.map((id) => ({ '@type': 'odrl:Duty', 'odrl:action': action(id) })) } : {}),
      },
      ...(prohibited.length > 0 ? { 'odrl:prohibition': prohibited.map((id) => ({ '@type': 'odrl:Prohibition', 'odrl:action': action(id) })) } : {}),
    }),
  ];
}

const titles = { download: 'Download', compute: 'Training runs', subscription: 'Subscription' } as const;

function offerUsage(offer: OfferedTerms, page: string): Node {
  const { listingId, kind, periodMinutes, termsDigest, terms } = offer;
  return {
    '@type': ['CreativeWork', 'odrl:Offer'], '@id': `${page}#listing-${listingId}`, name: `${titles[kind]}, listing ${listingId}`,
    identifier: termsDigest,
    ...(terms?.note === undefined ? {} : { description: terms.note }),
    'odrl:permission': {
      '@type': 'odrl:Permission',
      // A run makes a model of the rows without giving them out; a download may be used as the licence says.
      'odrl:action': action(kind === 'compute' ? 'odrl:derive' : 'odrl:use'),
      'odrl:duty': dutiesOf(offer),
      ...constraintsOf(kind === 'compute' ? terms?.algorithms : undefined, periodMinutes, terms?.smallestLeaf),
    },
    ...(kind === 'compute' ? { 'odrl:prohibition': [{ '@type': 'odrl:Prohibition', 'odrl:action': action('odrl:reproduce') }, { '@type': 'odrl:Prohibition', 'odrl:action': action('odrl:read') }] } : {}),
  };
}

function constraint(left: string, operator: string, right: unknown, unit?: string): Node {
  return { '@type': 'odrl:Constraint', 'odrl:leftOperand': { '@id': left }, 'odrl:operator': { '@id': `odrl:${operator}` }, 'odrl:rightOperand': right, ...(unit === undefined ? {} : { 'odrl:unit': unit }) };
}

function dutiesOf({ kind, price, token, modelShareBps }: OfferedTerms): Node[] {
  const pay = { '@type': 'odrl:Duty', 'odrl:action': action('odrl:compensate'), 'odrl:constraint': token === null ? constraint('odrl:payAmount', 'eq', formatNcr(price, 18), 'NCR') : constraint('odrl:payAmount', 'eq', String(price), token) };
  if (kind !== 'compute' || modelShareBps === 0) return [pay];
  return [pay, { '@type': 'odrl:Duty', name: 'Part of each price of a model trained on it', 'odrl:action': action('odrl:compensate'), 'odrl:constraint': constraint('odrl:percentage', 'eq', modelShareBps / 100) }];
}

function constraintsOf(algorithms: readonly string[] | undefined, periodMinutes: number, smallestLeaf: number | undefined): Node {
  const all = [
    ...(algorithms === undefined ? [] : [constraint('nd:algorithm', 'isAnyOf', [...algorithms])]),
    ...(smallestLeaf === undefined ? [] : [constraint('nd:smallestLeaf', 'gteq', smallestLeaf)]),
    ...(periodMinutes === 0 ? [] : [constraint('odrl:elapsedTime', 'lteq', `PT${periodMinutes}M`)]),
  ];
  return all.length > 0 ? { 'odrl:constraint': all } : {};
}
