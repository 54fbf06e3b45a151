import { algorithms } from '@neurodata/engine';
import { MOST_TOLERANCE, parseNcr } from '@neurodata/protocol';
import { InvalidArgumentError } from 'commander';
import type { Hex } from 'viem';

/** Turns an option's text into a value; commander prints what it throws and exits with 2. */
function number(text: string, allowed: (value: number) => boolean, what: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || !allowed(value)) throw new InvalidArgumentError(`It must be ${what}.`);
  return value;
}

/** A whole number within bounds. */
export const countFrom = (low: number, high: number) => (text: string): number => number(text, (value) => Number.isInteger(value) && value >= low && value <= high, `a whole number from ${low} to ${high}`);

/** 32 bytes as 0x and hexadecimal digits. */
export function digest(text: string): Hex {
  if (/^0x[0-9a-f]{64}$/.test(text)) return text as Hex;
  throw new InvalidArgumentError('It must be 0x and 64 hexadecimal digits.');
}

export const positiveInteger = (text: string): number => number(text, (value) => Number.isSafeInteger(value) && value > 0, 'a whole number from 1 up');
export const threadCount = (text: string): number => number(text, (value) => Number.isInteger(value) && value >= 1 && value <= 16, 'a whole number from 1 to 16');
export const seedNumber = (text: string): number => number(text, (value) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff, 'a whole number from 0 to 4294967295');
export const positiveNumber = (text: string): number => number(text, (value) => value > 0, 'a number above 0');
export const fraction = (text: string): number => number(text, (value) => value >= 0.001 && value <= 0.999, 'between 0.001 and 0.999');
/** How far a measurement may lie from a claim. */
export const tolerance = (text: string): number => number(text, (value) => value >= 0 && value <= MOST_TOLERANCE, `from 0 to ${MOST_TOLERANCE}`);
export const pageSize = (text: string): number => number(text, (value) => Number.isInteger(value) && value >= 1 && value <= 100, 'a whole number from 1 to 100');

/** "25" or "0.5" NCR to base units. */
export function price(text: string): bigint {
  try {
    return parseNcr(text);
  } catch {
    throw new InvalidArgumentError('It must be an amount of NCR like 25 or 0.5.');
  }
}

export const periods = (text: string): number => number(text, (value) => Number.isInteger(value) && value >= 1 && value <= 120, 'a whole number from 1 to 120');

/** "30d", "12h" or "90m" to minutes. */
export function period(text: string): number {
  const match = /^([1-9]\d*)([dhm])$/.exec(text.trim());
  const minutes = match ? Number(match[1]) * { d: 1440, h: 60, m: 1 }[match[2] as 'd' | 'h' | 'm'] : Number.NaN;
  if (!(minutes < 2 ** 24)) throw new InvalidArgumentError('It must be a length like 30d, 12h or 90m.');
  return minutes;
}

/** Reads "5%" as basis points, at most `most` percent. */
function percentUpTo(most: number): (text: string) => number {
  return (text) => {
    const match = /^(\d{1,3}(?:\.\d{1,2})?)\s*%$/.exec(text.trim());
    const bps = match ? Math.round(Number(match[1]) * 100) : Number.NaN;
    if (!(bps >= 0 && bps <= most * 100)) throw new InvalidArgumentError(`It must be a percentage from 0% to ${most}%, like 5%.`);
    return bps;
  };
}

/** "5%" to basis points, at most 50 %: a part of a derived asset's price. */
export const share = percentUpTo(50);

/** "5%" to basis points: a part of all runs. */
export const percentage = percentUpTo(100);

/** "5%" to basis points, at most 10 %: what is asked for when an asset is resold. */
export const royalty = percentUpTo(10);

/** "1, 2" to [1, 2]. */
export function ids(text: string): number[] {
  return names(text).map(positiveInteger);
}

/** "a, b" to ['a', 'b']; a name with a comma stands in double quotes. */
export function names(text: string): string[] {
  const found = [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*(?:,|$)/g)].map((match) => (match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"')));
  const list = found.filter((name) => name !== '');
  if (list.length === 0) throw new InvalidArgumentError('It must be names separated by commas.');
  return list;
}

/** Names of algorithms that the engine has. */
export function algorithmNames(text: string): string[] {
  const list = names(text);
  const known = algorithms.map(({ name }) => name);
  const wrong = list.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new InvalidArgumentError(`There is no algorithm "${wrong}": there are ${known.join(', ')}.`);
  return list;
}

type Parent = { assetId: number; version: number; shareBps: number };

/** "3@1:500": 5 % for version 1 of asset 3, after those that were given before. */
export function parents(text: string, before: Parent[] = []): Parent[] {
  const match = /^(\d{1,15})@(\d{1,9}):(\d{1,4})$/.exec(text.trim());
  const [assetId = 0, version = 0, shareBps = 0] = match?.slice(1).map(Number) ?? [];
  if (assetId < 1 || version < 1) throw new InvalidArgumentError('It must be asset@version:bps, like 3@1:500 for 5%.');
  const all = [...before, { assetId, version, shareBps }];
  if (all.length > 4) throw new InvalidArgumentError('It can be at most 4 parents.');
  if (all.reduce((sum, parent) => sum + parent.shareBps, 0) > 5000) throw new InvalidArgumentError('The parts can be at most 5000 (50%) in sum.');
  return all;
}

/** A date or time (UTC where it names no zone), or Unix seconds. */
export function seconds(text: string): number {
  const value = /^\d{1,12}$/.test(text) ? Number(text) : Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text) / 1_000;
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('Expected a date like 2026-01-31, or Unix seconds.');
  return Math.floor(value);
}
