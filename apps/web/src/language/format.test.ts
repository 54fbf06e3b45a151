import { expect, test } from 'vitest';
import { createFormats } from './format.ts';

test('numbers and times are written as the locale does', () => {
  const english = createFormats('en');
  expect([english.grouped('1234567.5'), english.numeral(12_345.6), english.fixed(0.25, 1), english.pointed('0.5'), english.lowered('Seed'), english.fromNow(-180), english.utcDay(0)])
    .toEqual(['1,234,567.5', '12,345.6', '0.3', '0.5', 'seed', '3 minutes ago', 'Jan 1, 1970']);
  const german = createFormats('de-DE');
  expect([german.grouped('1234567.5'), german.numeral(12_345.6), german.fixed(0.25, 1), german.pointed('0.5'), german.lowered('Startwert'), german.fromNow(-180), german.utcDay(0)])
    .toEqual(['1.234.567,5', '12.345,6', '0,3', '0,5', 'Startwert', 'vor 3 Minuten', '01.01.1970']);
  expect(createFormats('de-CH').grouped('1234567.5')).toMatch(/^1['’]234['’]567\.5$/);
});

test('English by hand is what Intl writes', () => {
  const english = createFormats('en');
  for (const value of [0, 7, 999, 1_000, -1_234, 12_345_678, Number.MAX_SAFE_INTEGER, 0.5, -1_234.5678, 1e21, Number.NaN]) expect(english.numeral(value), String(value)).toBe(value.toLocaleString('en'));
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
  for (const [seconds, value, unit] of [[-5, -5, 'second'], [60, 1, 'minute'], [-60, -1, 'minute'], [7_200, 2, 'hour'], [-86_400, -1, 'day'], [40 * 86_400, 1, 'month'], [-800 * 86_400, -2, 'year']] as const) expect(english.fromNow(seconds)).toBe(relative.format(value, unit));
});

test('ticks of time are as fine as they have to be, and say once what they are part of', () => {
  const ticks = (locale: string, ...days: string[]): string[] => days.map((day) => new Date(day)).map((at, index, all) => createFormats(locale).utcTick(at, index, all));
  expect(ticks('en', '2026-11-30', '2026-12-07', '2027-01-04')).toEqual(['Nov 30\n2026', 'Dec 7', 'Jan 4\n2027']);
  expect(ticks('de-DE', '2026-12-01', '2027-01-01', '2027-02-01')).toEqual(['Dez\n2026', 'Jan\n2027', 'Feb']);
  expect(ticks('de-DE', '2026-11-30', '2026-12-07')).toEqual(['30. Nov.\n2026', '7. Dez.']);
  expect(ticks('en', '2026-11-30T12:00Z', '2026-12-01T00:00Z', '2026-12-01T12:00Z')).toEqual(['12:00\nNov 30', '00:00\nDec 1', '12:00']);
  expect(ticks('en', '2026-01-01', '2027-01-01')).toEqual(['2026', '2027']);
});

test('an amount is read as it is written', () => {
  expect(['1,500', '1.500', '1,234,567.5', '1,23'].map(createFormats('en').unpointed)).toEqual(['1500', '1.500', '1234567.5', '1,23']);
  for (const locale of ['de-DE', 'de-AT']) {
    expect(['1.500', '1 500', '1,500', '1.234.567,5', '0.125', '0,125', '12.5', '1234.567,5'].map(createFormats(locale).unpointed))
      .toEqual(['1500', '1500', '1.500', '1234567.5', '0.125', '0.125', '12.5', '1234.567.5']);
  }
});

test("a parameter takes the locale's decimal mark as well as a point", () => {
  for (const locale of ['en', 'de-DE', 'de-CH']) expect(['0.25', ' 1e-3 ', '-2', ''].map(createFormats(locale).decimal)).toEqual(['0.25', '1e-3', '-2', '']);
  const german = createFormats('de-DE');
  expect(['0,25', '-1,5e-3', '1.500'].map(german.decimal)).toEqual(['0.25', '-1.5e-3', '1.500']);
  // What is no number stays none.
  expect(['1.234,5', '1,2,3'].map(german.decimal).map(Number)).toEqual([Number.NaN, Number.NaN]);
  expect(createFormats('en').decimal('0,25')).toBe('0,25');
});

test('numbers in a row are parted as the locale can tell', () => {
  for (const locale of ['en', 'de-DE']) expect(['0.1, 1, 10', '0.1; 1 ;10'].map(createFormats(locale).decimals)).toEqual([['0.1', '1', '10'], ['0.1', '1', '10']]);
  expect(createFormats('en').decimals('0.1,1,10')).toEqual(['0.1', '1', '10']);
  const german = createFormats('de-AT');
  expect(['0,1; 1,5', '0,1, 1,5', '0,1'].map(german.decimals)).toEqual([['0.1', '1.5'], ['0.1', '1.5'], ['0.1']]);
  expect(german.decimals('0,1,10').map(Number)).toEqual([Number.NaN]);
});
