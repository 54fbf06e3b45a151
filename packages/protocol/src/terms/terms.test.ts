import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { spdxLicences } from '../spdx.ts';
import { derivedConflicts, derivedLicences, inheritLimits } from './derived.ts';
import { explainPolicy } from './explainPolicy.ts';
import { type Limits, type Published, limitsDigest, limitsSchema } from './limits.ts';
import { type Purpose, type TermsPolicy, conflictsOf, joinPolicies, jointConflicts, policyOf } from './policy.ts';
import { purposeProblem } from './purposeProblem.ts';
import { shareAlikeOf } from './shareAlike.ts';
import { expandUses, uses } from './uses.ts';

const licences = Object.keys(spdxLicences);
const anyLimits: fc.Arbitrary<Limits | undefined> = fc.option(fc.record({
  uses: fc.uniqueArray(fc.constantFrom(...uses), { minLength: 1 }), noDerivatives: fc.constant(true as const), noSharing: fc.constant(true as const),
}, { requiredKeys: [] }), { nil: undefined });
const anyPublished: fc.Arbitrary<Published> = fc.record({ license: fc.constantFrom(...licences, 'LicenseRef-Own'), 'nd:limits': anyLimits });
const anyPolicy = anyPublished.map(policyOf);
/** What something may be made of and passed on: other things would leave the property nothing to look at. */
const anyParent: fc.Arbitrary<Published> = fc.record({ license: fc.constantFrom('CC0-1.0', 'MIT', 'CC-BY-3.0', 'CC-BY-4.0', 'CC-BY-NC-4.0', 'CC-BY-SA-3.0', 'CC-BY-SA-4.0', 'CC-BY-NC-SA-4.0', 'ODbL-1.0', 'LicenseRef-Own'), 'nd:limits': fc.option(fc.record({ uses: fc.uniqueArray(fc.constantFrom(...uses), { minLength: 1 }) }), { nil: undefined }) });
const anyPurpose: fc.Arbitrary<Purpose> = fc.record({ use: fc.constantFrom(...uses), sharesResult: fc.boolean() });
const admits = (policy: TermsPolicy, purpose: Purpose, derives: boolean): boolean => conflictsOf({ policy, purpose, derives }).length === 0;

test('joining is commutative, associative and idempotent', () => {
  fc.assert(fc.property(anyPolicy, anyPolicy, anyPolicy, (a, b, c) => {
    expect(joinPolicies(a, b)).toEqual(joinPolicies(b, a));
    expect(joinPolicies(joinPolicies(a, b), c)).toEqual(joinPolicies(a, joinPolicies(b, c)));
    expect(joinPolicies(a, a)).toEqual(a);
  }), { numRuns: 2_000 });
});

test('what is joined permits nothing that a part forbids, and nothing is forbidden that both permit but for licences that exclude each other', () => {
  fc.assert(fc.property(anyPolicy, anyPolicy, anyPurpose, fc.boolean(), (a, b, purpose, derives) => {
    const joint = joinPolicies(a, b);
    const both = admits(a, purpose, derives) && admits(b, purpose, derives);
    if (admits(joint, purpose, derives)) expect(both).toBe(true);
    else if (both) expect(joint.onlyUnder).toEqual([]);
    const [jointly, separately] = [derivedLicences([joint]), derivedLicences([a]).filter((id) => derivedLicences([b]).includes(id))];
    for (const id of jointly) expect(separately).toContain(id);
  }), { numRuns: 2_000 });
});

test('what inherits its parents\' limits under a licence that fits them has no conflict, and is as strict as each', () => {
  let published = 0;
  fc.assert(fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: anyParent }, { weight: 1, arbitrary: anyPublished }), { minLength: 1, maxLength: 3 }), anyLimits, fc.nat(), (parents, own, pick) => {
    const policies = parents.map(policyOf);
    const fitting = derivedLicences(policies);
    const license = fitting[pick % Math.max(1, fitting.length)];
    if (license === undefined) return;
    const limits = inheritLimits(parents, own);
    if (limits?.uses === undefined && own?.uses) return;
    const child: Published = { license, 'nd:limits': limits };
    expect(limits === undefined || limitsSchema.safeParse(limits).success).toBe(true);
    expect(derivedConflicts({ parents: policies, child })).toEqual([]);
    const policy = policyOf(child);
    for (const parent of policies) for (const use of policy.uses) expect(parent.uses).toContain(use);
    published += 1;
  }), { numRuns: 2_000 });
  expect(published).toBeGreaterThan(200);
});

test('a licence that is looser than what something was made of is named, with what it asks', () => {
  const parent = policyOf({ license: 'CC-BY-NC-SA-3.0' });
  expect(derivedLicences([parent])).toEqual(['CC-BY-NC-SA-3.0', 'CC-BY-NC-SA-4.0']);
  expect(derivedConflicts({ parents: [parent], child: { license: 'MIT' } }).map(({ sentence }) => sentence)).toMatchInlineSnapshot(`
    [
      "What it was made of asks that it comes under CC-BY-NC-SA-3.0 or CC-BY-NC-SA-4.0, not under "MIT".",
      "What it was made of asks for a licence without commercial use, and "MIT" is not known to.",
      "It admits uses that what it was made of forbids (commercial-research, commercial): they admit research without commercial aim, research on health and medicine without commercial aim, teaching and learning, work of public bodies, private use.",
    ]
  `);
  expect(derivedConflicts({ parents: [policyOf({ license: 'CC0-1.0' })], child: { license: 'LicenseRef-Own' } })).toEqual([]);
  expect(derivedConflicts({ parents: [policyOf({ license: 'CC-BY-4.0' })], child: { license: 'LicenseRef-Own' } })).toMatchObject([{ about: 'licence' }]);
  expect(derivedConflicts({ parents: [policyOf({ license: 'CC-BY-ND-4.0' })], child: { license: 'CC-BY-ND-4.0' } })).toMatchObject([{ about: 'sharing' }]);
});

test('two share-alike licences that no licence fits cannot be joined, and those that name a common one can', () => {
  const joint = (a: string, b: string): string[] => jointConflicts([policyOf({ license: a }), policyOf({ license: b })]).map(({ about }) => about);
  expect(joint('ODbL-1.0', 'CC-BY-SA-4.0')).toEqual(['licence']);
  expect(joint('CC-BY-SA-3.0', 'CC-BY-SA-4.0')).toEqual([]);
  expect(joint('CC-BY-SA-4.0', 'GPL-3.0-only')).toEqual([]);
  expect(joint('CC-BY-SA-1.0', 'CC-BY-SA-4.0')).toEqual(['licence']);
  expect(joint('MIT', 'ODbL-1.0')).toEqual([]);
  expect(jointConflicts([policyOf({ license: 'MIT', 'nd:limits': { uses: ['commercial'] } }), policyOf({ license: 'MIT', 'nd:limits': { uses: ['education'] } })]).map(({ sentence }) => sentence)).toEqual(['The inputs admit no use in common.']);
  for (const license of licences) for (const id of shareAlikeOf(license) ?? []) expect(licences).toContain(id);
});

test('a purpose is asked of what has limits only, and is held against all terms where it is named', () => {
  const limited: Published = { license: 'CC-BY-4.0', 'nd:limits': { uses: ['research'], noSharing: true } };
  expect(purposeProblem({ published: { license: 'CC-BY-NC-4.0' }, derives: true })).toBeUndefined();
  expect(purposeProblem({ published: limited, derives: false })?.about).toBe('purpose');
  expect(purposeProblem({ published: limited, purpose: { use: 'health-research', sharesResult: false }, derives: true })).toBeUndefined();
  expect(purposeProblem({ published: limited, purpose: { use: 'commercial', sharesResult: false }, derives: false })?.sentence).toContain('The terms do not admit commercial use: they admit research without commercial aim');
  expect(purposeProblem({ published: limited, purpose: { use: 'research', sharesResult: true }, derives: false })?.about).toBe('sharing');
  expect(purposeProblem({ published: { license: 'MIT', 'nd:limits': { noDerivatives: true } }, purpose: { use: 'research', sharesResult: false }, derives: true })?.about).toBe('derivatives');
  expect(purposeProblem({ published: { license: 'CC-BY-NC-4.0' }, purpose: { use: 'commercial', sharesResult: false }, derives: false })?.about).toBe('use');
});

test('terms are told in sentences, and their digest moves with whatever the manifest says of them', () => {
  expect(explainPolicy(policyOf({ license: 'CC-BY-SA-3.0', 'nd:limits': { uses: ['education', 'research'] } }))).toMatchInlineSnapshot(`
    [
      "As for uses, they admit research without commercial aim, research on health and medicine without commercial aim, teaching and learning.",
      "What is made of it is passed on under CC-BY-SA-3.0 or CC-BY-SA-4.0 only.",
      "Whoever passes it on, or what is made of it, names the author.",
    ]
  `);
  expect(explainPolicy(policyOf({ license: 'CC0-1.0' }))).toEqual([]);
  const digests = [{ license: 'MIT' }, { license: 'ISC' }, { license: 'MIT', 'nd:limits': { noSharing: true as const } }, { license: 'MIT', 'nd:limits': { noDerivatives: true as const } }].map(limitsDigest);
  expect(new Set(digests).size).toBe(4);
  expect(expandUses(['commercial', 'research'])).toEqual(['research', 'health-research', 'commercial-research', 'commercial']);
  expect(limitsSchema.safeParse({ noSharing: true, notAfter: 2030 }).success).toBe(false);
});
