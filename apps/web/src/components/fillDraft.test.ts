import { expect, test } from 'vitest';
import { fillDraft } from './fillDraft.ts';
import { emptyDraft } from './publishDraft.ts';

const found = { format: 'croissant' as const, title: 'Titanic', description: 'Who survived.', license: 'CC0-1.0', source: 'https://example.org', tags: ['ships', 'a, b', 'sea'], columns: [] };

test('a description fills what is empty and what nobody typed', () => {
  expect(fillDraft(emptyDraft, found)).toEqual({ ...emptyDraft, title: 'Titanic', description: 'Who survived.', license: 'CC0-1.0', source: 'https://example.org', tags: 'ships, sea' });
  expect(fillDraft({ ...emptyDraft, title: 'rows 2' }, found, 'rows 2').title).toBe('Titanic');
});

test('what was typed stays, and what is not said changes nothing', () => {
  const typed = { ...emptyDraft, title: 'Mine', license: 'MIT', tags: 'x', downloadPrice: '7' };
  expect(fillDraft(typed, found)).toEqual({ ...typed, description: 'Who survived.', source: 'https://example.org' });
  expect(fillDraft(typed, { format: 'kaggle', tags: [], columns: [] })).toEqual(typed);
});
