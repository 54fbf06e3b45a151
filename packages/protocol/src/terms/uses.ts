/** What people use data and models for, as far as programs are told. A closed list: whoever limits uses names some of them, whoever buys signs one. */
export const uses = ['research', 'health-research', 'education', 'public-service', 'personal', 'commercial-research', 'commercial'] as const;
export type Use = (typeof uses)[number];

/** Each in words, as they end "for ...". */
export const useWords: Readonly<Record<Use, string>> = {
  research: 'research without commercial aim', 'health-research': 'research on health and medicine without commercial aim', education: 'teaching and learning', 'public-service': 'work of public bodies',
  personal: 'private use', 'commercial-research': 'research with a commercial aim', commercial: 'commercial use',
};

/** Whoever admits the one admits the other too. */
const within: Readonly<Partial<Record<Use, readonly Use[]>>> = { research: ['health-research'], commercial: ['commercial-research'] };

const withCommercialAim: readonly Use[] = ['commercial-research', 'commercial'];
export const nonCommercialUses: readonly Use[] = uses.filter((use) => !withCommercialAim.includes(use));

/** All uses that a list admits, in the order of {@link uses}. */
export function expandUses(listed: readonly Use[]): Use[] {
  const admitted = new Set(listed.flatMap((use) => [use, ...(within[use] ?? [])]));
  return uses.filter((use) => admitted.has(use));
}
