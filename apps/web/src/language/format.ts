import { language, locale } from './language.ts';
import { t } from './t.ts';

/** Numbers, amounts and times as the reader writes them: everything of the site that depends on a locale is here. */

const written = new Intl.NumberFormat(locale).formatToParts(1_234_567.5);
const separator = written.find(({ type }) => type === 'group')?.value ?? ',';
const point = written.find(({ type }) => type === 'decimal')?.value ?? '.';

/** "1234567.5" as "1,234,567.5": any digits with a point, however many. */
export function grouped(digits: string): string {
  const [whole = '0', fraction] = digits.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+(?!\d))/g, separator);
  return fraction ? `${groups}${point}${fraction}` : groups;
}

/** Digits with a point as the reader writes them, without groups: "0.25" as "0,25". What is no such number stays. */
export function pointed(digits: string): string {
  return digits.replace('.', point);
}

/** A number with so many decimals, without groups. */
export function fixed(value: number, decimals: number): string {
  return pointed(value.toFixed(decimals));
}

/** A number with so many significant digits, without groups. */
export function precise(value: number, digits: number): string {
  return pointed(value.toPrecision(digits));
}

/** 12345.6 as "12,345.6". */
export function numeral(value: number, options: Intl.NumberFormatOptions = {}): string {
  return value.toLocaleString(locale, options);
}

/** What somebody typed as a number, with a point and no groups. "1.500" is fifteen hundred where thousands are parted by points. */
export function unpointed(typed: string): string {
  const plain = typed.trim();
  if (point === '.') return plain.replace(/(?<=\d),(?=\d{3}(\D|$))/g, '');
  const isGrouped = new RegExp(`^[1-9]\\d{0,2}(\\${separator}\\d{3})+(\\${point}|$)`).test(plain);
  return (isGrouped ? plain.replaceAll(separator, '') : plain).replace(point, '.');
}

/** A title inside a sentence: English writes it small, German does not. */
export function lowered(title: string): string {
  return language === 'en' ? title.toLowerCase() : title;
}

const steps: [number, Intl.RelativeTimeFormatUnit][] = [[60, 'second'], [60, 'minute'], [24, 'hour'], [30, 'day'], [12, 'month'], [Infinity, 'year']];
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
const absolute = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
const calendar = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });

/** So many seconds from now, in words: "3 minutes ago", "in 2 hours". */
export function fromNow(seconds: number): string {
  if (Math.abs(seconds) < 5) return t`just now`;
  let value = seconds;
  for (const [length, unit] of steps) {
    // Rounded, so that a deadline set a moment ago for three days is "in 3 days".
    if (Math.abs(Math.round(value)) < length) return relative.format(Math.round(value), unit);
    value /= length;
  }
  return '';
}

/** A moment in Unix seconds as date and time of the reader's zone. */
export function moment(seconds: number): string {
  return absolute.format(seconds * 1000);
}

/** A moment in milliseconds as its day in UTC. */
export function utcDay(milliseconds: number | Date): string {
  return calendar.format(milliseconds);
}
