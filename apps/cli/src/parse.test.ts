import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { fraction, names, parents, percentage, period, positiveInteger, price, royalty, seedNumber, share } from './parse.ts';

test('names between commas, quoted where they hold one', () => {
  expect(names('a, b,c')).toEqual(['a', 'b', 'c']);
  expect(names('Body Mass (g)')).toEqual(['Body Mass (g)']);
  expect(names('"a,b", "say ""x""",c')).toEqual(['a,b', 'say "x"', 'c']);
  expect(() => names(' , ')).toThrow(InvalidArgumentError);
});

test('amounts and shares', () => {
  expect([price('25'), price('0.5')]).toEqual([25n * 10n ** 18n, 5n * 10n ** 17n]);
  expect([share('5%'), share('0%'), share('12.5 %'), share('50%')]).toEqual([500, 0, 1250, 5000]);
  for (const bad of ['-1', '1e3', 'x', '', '1.0000000000000000001']) expect(() => price(bad)).toThrow(InvalidArgumentError);
  for (const bad of ['5', '51%', '-1%', '5.123%', '']) expect(() => share(bad)).toThrow(InvalidArgumentError);
  expect([royalty('10%'), royalty('0.25%'), royalty('0%')]).toEqual([1000, 25, 0]);
  expect([percentage('100%'), percentage('0.01%')]).toEqual([10_000, 1]);
  expect(() => percentage('100.01%')).toThrow('from 0% to 100%');
  expect(() => royalty('10.01%')).toThrow('from 0% to 10%');
});

test('lengths of time, in minutes', () => {
  expect([period('30d'), period('12h'), period('90m')]).toEqual([43_200, 720, 90]);
  for (const bad of ['0d', '30', 'd', '1.5d', '-1h', '20000d', '']) expect(() => period(bad)).toThrow(InvalidArgumentError);
});

test('numbers stay in their range', () => {
  expect([positiveInteger('3'), seedNumber('0'), fraction('0.25')]).toEqual([3, 0, 0.25]);
  for (const run of [() => positiveInteger('0'), () => positiveInteger('1.5'), () => positiveInteger(' '), () => seedNumber('4294967296'), () => fraction('1')]) expect(run).toThrow(InvalidArgumentError);
});

test('parents, one after the other', () => {
  expect(parents('4@2:0', parents('3@1:500'))).toEqual([{ assetId: 3, version: 1, shareBps: 500 }, { assetId: 4, version: 2, shareBps: 0 }]);
  for (const bad of ['3', '3@1', '3@1:', '0@1:5', '3@0:5', '3@1:5%', '3@1:5001', '']) expect(() => parents(bad)).toThrow(InvalidArgumentError);
  const three = ['1@1:2000', '2@1:2000', '3@1:1000'].reduce<ReturnType<typeof parents>>((before, text) => parents(text, before), []);
  expect(() => parents('4@1:1', three)).toThrow('in sum');
  expect(() => parents('5@1:0', parents('4@1:0', three))).toThrow('at most 4');
});
