import type { Limits } from '../terms/limits.ts';
import { expandUses, nonCommercialUses } from '../terms/uses.ts';

type Node = Record<string, unknown>;
const action = (id: string): Node => ({ '@id': id });

/** A publisher's limits as an ODRL policy, with a term of the Data Use Ontology where there is one. */
export function limitsUsage(limits: Limits | undefined, page: string): Node[] {
  if (limits === undefined) return [];
  const uses = limits.uses && expandUses(limits.uses);
  const prohibited = [...(limits.noDerivatives ? ['odrl:derive'] : []), ...(limits.noDerivatives || limits.noSharing ? ['odrl:distribute'] : [])];
  return [
    ...(uses?.every((use) => nonCommercialUses.includes(use)) ? [{ '@type': 'DefinedTerm', name: 'non-commercial use only', termCode: 'DUO_0000046', url: 'http://purl.obolibrary.org/obo/DUO_0000046' }] : []),
    {
      '@type': ['CreativeWork', 'odrl:Set'], '@id': `${page}#limits`, name: 'Limits of the publisher',
      'odrl:permission': {
        '@type': 'odrl:Permission', 'odrl:action': action('odrl:use'),
        ...(uses ? { 'odrl:constraint': [{ '@type': 'odrl:Constraint', 'odrl:leftOperand': action('odrl:purpose'), 'odrl:operator': action('odrl:isAnyOf'), 'odrl:rightOperand': uses.map((use) => `nd:${use}`) }] } : {}),
      },
      ...(prohibited.length > 0 ? { 'odrl:prohibition': prohibited.map((id) => ({ '@type': 'odrl:Prohibition', 'odrl:action': action(id) })) } : {}),
    },
  ];
}
