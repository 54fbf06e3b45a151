import type { Check } from '@neurodata/sdk';
import { formatNcr } from '@neurodata/protocol';
import pico from 'picocolors';
import { readCliSettings } from './settings.ts';

export const colours = pico.createColors(readCliSettings().colour);

/** Text from strangers, made harmless for a terminal: no control characters, so no escape sequences. */
export function clean(text: string): string {
  return text.replace(/(?![\t\n])[\p{Cc}\p{Cf}]/gu, '');
}

/** One line of at most `width` characters. */
export function short(text: string, width: number): string {
  const line = clean(text).replace(/\s+/g, ' ').trim();
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

/** First and last digits of an id. */
export function shortId(id: string): string {
  return `${id.slice(0, 10)}…${id.slice(-4)}`;
}

/** Rows under headings, columns aligned; "nothing" where there are none. */
export function table(headings: string[], rows: string[][], nothing: string): string {
  if (rows.length === 0) return nothing;
  const widths = headings.map((heading, index) => Math.max(heading.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: string[]): string => cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ').trimEnd();
  return [colours.dim(line(headings)), ...rows.map(line)].join('\n');
}

/** Names and values, one per line, aligned; undefined values are left out. */
export function facts(pairs: [string, string | number | bigint | undefined][]): string {
  const shown = pairs.filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${colours.dim(name.padEnd(width))}  ${String(value)}`).join('\n');
}

export function ncr(amount: bigint): string {
  return `${formatNcr(amount)} NCR`;
}

/** Seconds as "30 days", "12 hours" or "90 minutes": the largest unit that fits exactly. */
export function duration(seconds: number): string {
  for (const [unit, size] of [['day', 86_400], ['hour', 3600], ['minute', 60]] as const) {
    const count = seconds / size;
    if (Number.isInteger(count)) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return `${seconds} seconds`;
}

/** Unix seconds as local date and time. */
export function when(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString('sv-SE');
}

/** A deadline in local time, and how far off it is at `now`, both in Unix seconds: "2026-01-02 03:04:05 (in 12 minutes)". */
export function until(deadline: number, now: number): string {
  const left = deadline - now;
  const [size, unit] = Math.abs(left) < 120 ? [1, 'second'] : Math.abs(left) < 7200 ? [60, 'minute'] : Math.abs(left) < 172_800 ? [3600, 'hour'] : [86_400, 'day'];
  const count = Math.floor(Math.abs(left) / size);
  const span = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return `${when(deadline)} (${left < 0 ? `${span} ago` : `in ${span}`})`;
}

/** Text in lines of at most 110 characters, each behind `indent` spaces. */
export function wrapped(text: string, indent: number): string {
  const lines: string[] = [];
  for (const word of clean(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 110) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${' '.repeat(indent)}${line}`).join('\n');
}

/** Checks, each with a sign: ✓ passed, ✗ failed, ○ not checked. */
export function checkLines(checks: Check[]): string {
  const signs = { passed: colours.green('✓'), failed: colours.red('✗'), 'not-checked': colours.yellow('○') } as const;
  const words = { passed: '', failed: 'FAILED: ', 'not-checked': 'not checked: ' } as const;
  return checks.map(({ name, status, detail, by }) => `${signs[status]} ${name}: ${words[status]}${clean(detail)} ${colours.dim(`(by ${by})`)}`).join('\n');
}

/** One JSON value; amounts as decimal strings, bytes never. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? item.toString() : item), 2);
}

const BARS = '▁▂▃▄▅▆▇█';

/** A falling or rising line of numbers in one row of at most `width` blocks. */
export function sparkline(values: number[], width = 32): string {
  const finite = values.filter(Number.isFinite);
  const step = Math.max(1, Math.ceil(finite.length / width));
  const shown = finite.filter((_, index) => index % step === 0 || index === finite.length - 1);
  const low = Math.min(...shown);
  const span = Math.max(...shown) - low;
  return shown.map((value) => BARS[span === 0 ? 0 : Math.round(((value - low) / span) * (BARS.length - 1))]).join('');
}
