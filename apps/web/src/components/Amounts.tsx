import { formatNcr } from '@neurodata/protocol';
import { type JSX, useEffect, useState } from 'react';
import { fixed, fromNow, grouped, moment, numeral, pointed } from '../language/format.ts';
import { pluralText } from '../language/t.ts';

/** "12.5 NCR" with at most four decimals, for sentences. An amount too small for them is "< 0.0001 NCR". */
export function ncr(amount: bigint): string {
  const text = formatNcr(amount);
  return text === '0' && amount > 0n ? `< ${pointed('0.0001')} NCR` : `${grouped(text)} NCR`;
}

/** An amount of NCR with its unit, at most four decimals; all of them on hover. `TokenAmount` is for what may be in another token. */
export function Money({ amount, strong = false }: { amount: bigint; strong?: boolean }): JSX.Element {
  return <span title={`${pointed(formatNcr(amount, 18))} NCR`} className={`whitespace-nowrap tabular-nums ${strong ? 'font-semibold' : ''}`}>{ncr(amount)}</span>;
}

/** Wei as ETH, for gas. */
export function Gas({ wei }: { wei: bigint }): JSX.Element {
  const text = formatNcr(wei, 6);
  return <span title={`${pointed(formatNcr(wei, 18))} ETH`} className="whitespace-nowrap tabular-nums">{text === '0' && wei > 0n ? `< ${pointed('0.000001')}` : grouped(text)} ETH</span>;
}

/** 12345 as "12,345". */
export function count(value: number): string {
  return numeral(value);
}

/** "1 run", "2 runs", by the plural rules of the reader's language. `noun` is written out, so that it stands in the catalogues. */
export function plural(value: number, noun: string): string {
  return pluralText(value, count(value), noun);
}

/** Bytes as "1.2 MB". */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, value < 1000 ? 0 : Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return `${scaled >= 100 || power === 0 ? Math.round(scaled) : fixed(scaled, 1)} ${units[power]}`;
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

/** A moment in Unix seconds as "3 minutes ago" or "in 2 hours"; date and time on hover. Within the last minute "just now", unless `seconds` count: words that change each second move what stands beside them. */
export function When({ at, seconds = false }: { at: number; seconds?: boolean }): JSX.Element {
  const ahead = at - useNow();
  return <time dateTime={new Date(at * 1000).toISOString()} onPointerEnter={(event) => { event.currentTarget.title = moment(at); }} className="whitespace-nowrap">{fromNow(!seconds && ahead > -60 && ahead <= 0 ? 0 : ahead)}</time>;
}

/** A span of seconds in words: "10 minutes". */
export function duration(seconds: number): string {
  if (seconds < 120) return plural(Math.round(seconds), 'second');
  if (seconds < 7200) return plural(Math.round(seconds / 60), 'minute');
  if (seconds < 172_800) return plural(Math.round(seconds / 3600), 'hour');
  return plural(Math.round(seconds / 86_400), 'day');
}
