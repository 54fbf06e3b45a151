import { expect, test } from 'vitest';
import { identifier } from './identifier.ts';

test('names that are more than a word stand in quotes, and cannot end them', () => {
  expect(['mass', 'Mass', 'body mass', 'a"; DROP TABLE data; --', 'select', '', '1st', 'ü'].map(identifier)).toEqual(['mass', '"Mass"', '"body mass"', '"a""; DROP TABLE data; --"', '"select"', '""', '"1st"', '"ü"']);
});
