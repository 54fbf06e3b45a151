import { expect, test } from 'vitest';
import { readCatalogues, readSentences } from '../../languages.ts';
import { readPackageSentences } from '../../packageSentences.ts';

const said = await readPackageSentences();
const sentences = [...(await readSentences()).map(({ file, ...sentence }) => ({ ...sentence, file: `apps/web/src/${file}` })), ...said];
const catalogues = Object.entries(await readCatalogues());
const slots = (text: string): string => [...text.matchAll(/\{\d+\}|\{\d+, plural,/g)].map(([slot]) => slot).toSorted().join(' ');
const edges = (text: string): string => `${/^\s*/.exec(text)?.[0]}|${/\s*$/.exec(text)?.[0]}`;

test('the source has sentences, and there is a language besides English', () => {
  expect(sentences.length - said.length).toBeGreaterThan(2_000);
  expect(said.length).toBeGreaterThan(1_000);
  expect(catalogues.map(([language]) => language)).toContain('de');
});

test.for(catalogues)('%s says every sentence of the source, and of the packages where they reach the site', ([, words]) => {
  const missing = sentences.filter(({ text }) => !words[text]).map(({ file, line, text }) => `${file}:${line} ${text}`);
  expect(missing, 'run `npm run sentences`, and translate what is empty in the catalogue').toEqual([]);
});

test.for(catalogues)('%s has no sentence that the source lacks', ([, words]) => {
  const known = new Set(sentences.map(({ text }) => text));
  expect(Object.keys(words).filter((text) => !known.has(text)), 'run `npm run sentences`').toEqual([]);
});

test.for(catalogues)('%s fills in the same, and begins and ends alike', ([, words]) => {
  const others = Object.entries(words).filter(([english, other]) => other !== '' && (slots(english) !== slots(other) || edges(english) !== edges(other)));
  expect(others).toEqual([]);
});

test.for(catalogues)('%s has the plural forms of its rules', ([language, words]) => {
  const rules = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
  const others = Object.values(words).filter((text) => text.includes(', plural,') && [...text.matchAll(/(\w+) \{[^{}]*#[^{}]*\}/g)].map(([, rule]) => rule).toSorted().join() !== rules.join());
  expect(others).toEqual([]);
});
