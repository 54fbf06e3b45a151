import { expect, test } from 'vitest';
import { formsOf, stemOf, termsOf } from './searchSql.ts';

test('words become stems, each once; what is not English stays', () => {
  expect(termsOf('Running runs, RUN! Größe 42 ... relational')).toEqual([{ stem: 'run', begins: 'ru' }, { stem: 'große', begins: 'große' }, { stem: '42', begins: '42' }, { stem: 'relat', begins: 'rela' }]);
  expect(termsOf('.,;')).toEqual([]);
});

test('every form begins as its stem does, but for what the rules put in', () => {
  // Of each rule of the algorithm that puts something in the place of what it takes off.
  const words = ['caresses', 'ponies', 'agreed', 'conflated', 'troubling', 'sized', 'hopping', 'falling', 'filing', 'happy', 'relational', 'conditional', 'valency', 'hesitancy', 'digitizer', 'conformably', 'radically', 'differently', 'vilely',
    'analogously', 'vietnamization', 'predication', 'operator', 'feudalism', 'decisiveness', 'hopefulness', 'callousness', 'formality', 'sensitivity', 'sensibility', 'possibilities', 'ability', 'mobility', 'nobility', 'triplicate', 'formative', 'formalize',
    'electricity', 'electrical', 'hopeful', 'goodness', 'revival', 'adjustable', 'probate', 'rate', 'cease', 'controlling', 'geology', 'theologies', 'dying', 'ties', 'flies', 'bibles', 'as', 'us'];
  for (const word of words) {
    const [term] = termsOf(word);
    expect([word, word.startsWith(term!.begins)]).toEqual([word, true]);
    expect(formsOf([term!], [word, 'elsewhere'])).toEqual([[word]]);
  }
  expect(['relational', 'possibilities', 'generalizations'].map(stemOf)).toEqual(['relat', 'possibl', 'gener']);
});
