import { expect, test } from 'vitest';
import { emptyDraft, keptDraft } from '../publishDraft.ts';
import { admittedUses, limitsOf, limitsProblem } from './limits.ts';

const draft = { ...emptyDraft, license: 'CC-BY-4.0' };

test('limits are those that the command line would write', () => {
  expect(limitsOf(draft)).toBeUndefined();
  // In the order of the list, whatever was ticked first.
  expect(limitsOf({ ...draft, limited: true, purposes: ['personal', 'research'], derivatives: false, sharing: false })).toEqual({ uses: ['research', 'personal'], noDerivatives: true, noSharing: true });
  expect(admittedUses({ ...draft, limited: true, purposes: ['research'] })).toEqual(['research', 'health-research']);
  expect(limitsOf({ ...draft, purposes: ['research'] })).toBeUndefined();
  expect(limitsOf({ ...draft, open: true, limited: true, purposes: ['research'], sharing: false })).toBeUndefined();
});

test('limits that nothing fits are told', () => {
  expect(limitsProblem(draft)).toBeUndefined();
  expect(limitsProblem({ ...draft, limited: true })).toBe('Choose at least one purpose, or admit all of them.');
  const commercial = { ...draft, license: 'CC-BY-NC-4.0', limited: true, purposes: ['commercial' as const] };
  expect(limitsProblem(commercial)).toBe('The licence CC-BY-NC-4.0 admits none of these purposes: choose others, or another licence.');
  expect(limitsProblem({ ...commercial, purposes: ['commercial', 'education'] })).toBeUndefined();
});

test('a draft is kept as a text, and what does not fit is left out', () => {
  const typed = { ...draft, title: 'Birds', limited: true, purposes: ['research' as const], sharing: false, admits: { knn: true } };
  expect(keptDraft(JSON.stringify(typed))).toEqual(typed);
  for (const text of ['', '{', 'null', '[]', '{"title":7,"purposes":{},"limited":"yes"}']) expect(keptDraft(text)).toEqual(emptyDraft);
  expect(keptDraft('{"title":"Birds","gone":1}')).toEqual({ ...emptyDraft, title: 'Birds' });
  expect(keptDraft('{"title":"Birds","license":7}', { ...emptyDraft, title: 'Trees', license: 'MIT' })).toEqual({ ...emptyDraft, title: 'Birds', license: 'MIT' });
});
