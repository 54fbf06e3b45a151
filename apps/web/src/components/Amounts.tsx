import { formatNcr } from '@neurodata/protocol';
import { type JSX, useEffect, useState } from 'react';

const group = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** "1234567.5" as "1,234,567.5". */
export function grouped(text: string): string {
  const [whole = '0', fraction] = text.split('.');
  return fraction ? `${group(whole)}.${fraction}` : group(whole);
}

/** "12.5 NCR" with at most four decimals, for sentences. An amount too small for them is "< 0.0001 NCR". */
export function ncr(amount: bigint): string {
  const text = formatNcr(amount);
  return text === '0' && amount > 0n ? '< 0.0001 NCR' : `${grouped(text)} NCR`;
}

/** An amount of NCR with its unit, at most four decimals; all of them on hover. `TokenAmount` is for what may be in another token. */
export function Money({ amount, strong = false }: { amount: bigint; strong?: boolean }): JSX.Element {
  return <span title={`${formatNcr(amount, 18)} NCR`} className={`whitespace-nowrap tabular-nums ${strong ? 'font-semibold' : ''}`}>{ncr(amount)}</span>;
}

/** Wei as ETH, for gas. */
export function Gas({ wei }: { wei: bigint }): JSX.Element {
  const text = formatNcr(wei, 6);
  return <span title={`${formatNcr(wei, 18)} ETH`} className="whitespace-nowrap tabular-nums">{text === '0' && wei > 0n ? '< 0.000001' : grouped(text)} ETH</span>;
}

/** 12345 as "12,345". */
export function count(value: number): string {
  return value.toLocaleString('en');
}

/** "1 run", "2 runs". */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Bytes as "1.2 MB". */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, value < 1000 ? 0 : Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return `${scaled >= 100 || power === 0 ? Math.round(scaled) : scaled.toFixed(1)} ${units[power]}`;
}

const steps: [number, Intl.RelativeTimeFormatUnit][] = [[60, 'second'], [60, 'minute'], [24, 'hour'], [30, 'day'], [12, 'month'], [Infinity, 'year']];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

function ago(seconds: number): string {
  let value = seconds;
  for (const [length, unit] of steps) {
    // Rounded, so that a deadline set a moment ago for three days is "in 3 days".
    if (Math.abs(Math.round(value)) < length) return relative.format(Math.round(value), unit);
    value /= length;
  }
  return '';
}

/** The present in Unix seconds, moving every second. */
export function useNow(): number {
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000));
  useEffect(() => {
    const timer = setInterval(() => setNow(Math.floor(Date.now() / 1000)), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** A moment in Unix seconds as "3 minutes ago" or "in 2 hours"; date and time on hover. */
export function When({ at }: { at: number }): JSX.Element {
  const difference = at - useNow();
  const text = Math.abs(difference) < 5 ? 'just now' : ago(difference);
  return <time dateTime={new Date(at * 1000).toISOString()} title={absolute.format(at * 1000)} className="whitespace-nowrap">{text}</time>;
}

/** A span of seconds in words: "10 minutes". */
export function duration(seconds: number): string {
  if (seconds < 120) return plural(Math.round(seconds), 'second');
  if (seconds < 7200) return plural(Math.round(seconds / 60), 'minute');
  if (seconds < 172_800) return plural(Math.round(seconds / 3600), 'hour');
  return plural(Math.round(seconds / 86_400), 'day');
}
