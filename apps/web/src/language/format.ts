import { locale } from './language.ts';
import { t } from './t.ts';

/** Numbers, amounts and times as the reader writes them: everything of the site that depends on a locale is here. */
export type Formats = {
  /** "1234567.5" as "1,234,567.5": any digits with a point, however many. */
  grouped: (digits: string) => string;
  /** Digits with a point, without groups: "0.25" as "0,25". */
  pointed: (digits: string) => string;
  /** A number with so many decimals, without groups. */
  fixed: (value: number, decimals: number) => string;
  /** A number with so many significant digits, without groups. */
  precise: (value: number, digits: number) => string;
  /** 12345.6 as "12,345.6". */
  numeral: (value: number, options?: Intl.NumberFormatOptions) => string;
  /** What somebody typed as a number, with a point and no groups. "1.500" is fifteen hundred where a comma parts the decimals, however thousands are parted there. */
  unpointed: (typed: string) => string;
  /** A number of a form that has no groups, with a point: the locale's own mark parts the decimals, and so does a point. "0,25" as "0.25" where a comma does. */
  decimal: (typed: string) => string;
  /** Such numbers in a row: semicolons part them, and commas that are no decimal mark of the locale's. "0,1; 1" and "0.1, 1" as ["0.1", "1"]. */
  decimals: (typed: string) => string[];
  /** A title inside of a sentence: English writes it small, German does not. */
  lowered: (title: string) => string;
  /** So many seconds from now, in words: "3 minutes ago", "in 2 hours". */
  fromNow: (seconds: number) => string;
  /** A moment in Unix seconds as date and time of the reader's zone. */
  moment: (seconds: number) => string;
  /** A moment in milliseconds as its day in UTC. */
  utcDay: (milliseconds: number) => string;
  /** A tick of an axis of time, in UTC: hour, day, month or year, as fine as the ticks are; what it is part of stands in a second line below the first of each. */
  utcTick: (at: Date, index: number, ticks: readonly Date[]) => string;
};

const steps: [number, Intl.RelativeTimeFormatUnit][] = [[60, 'second'], [60, 'minute'], [24, 'hour'], [30, 'day'], [12, 'month'], [Infinity, 'year']];

/**
 * The formats of a locale. English is written here by hand: the first use of `Intl` keeps a phone busy for 80 ms, and the first view needs a few numbers only.
 *
 * @example createFormats('de-DE').grouped('1234.5') // '1.234,5'
 */
export function createFormats(locale: string): Formats {
  const isEnglish = locale === 'en';
  const { separator, point } = isEnglish ? { separator: ',', point: '.' } : marksOf(locale);
  const pointed = (digits: string): string => digits.replace('.', point);
  const numbers = numbersOf(separator, point);
  return { ...numbers, ...timesOf(locale), pointed,
    fixed: (value, decimals) => pointed(value.toFixed(decimals)),
    precise: (value, digits) => pointed(value.toPrecision(digits)),
    numeral: (value, options) => (isEnglish && !options && Number.isSafeInteger(value) ? numbers.grouped(String(value)) : value.toLocaleString(locale, options)),
    lowered: (title) => (locale.startsWith('en') ? title.toLowerCase() : title),
  };
}

function marksOf(locale: string): { separator: string; point: string } {
  const written = new Intl.NumberFormat(locale).formatToParts(1_234_567.5);
  const mark = (type: 'group' | 'decimal'): string | undefined => written.find((part) => part.type === type)?.value;
  return { separator: mark('group') ?? ',', point: mark('decimal') ?? '.' };
}

function numbersOf(separator: string, point: string): Pick<Formats, 'grouped' | 'unpointed' | 'decimal' | 'decimals'> {
  const decimal = (typed: string): string => typed.trim().replace(point, '.');
  // A comma between digits is theirs; one with a blank stands between two numbers.
  const between = point === ',' ? /;|,(?!\d)/ : /[;,]/;
  return {
    decimal,
    decimals: (typed) => typed.split(between).map(decimal),
    grouped: (digits) => {
      const [whole = '0', fraction] = digits.split('.');
      const groups = whole.replace(/\B(?=(\d{3})+(?!\d))/g, separator);
      return fraction ? `${groups}${point}${fraction}` : groups;
    },
    unpointed: (typed) => {
      const plain = typed.trim();
      if (point === '.') return plain.replace(/(?<=\d),(?=\d{3}(\D|$))/g, '');
      const isGrouped = /^[1-9]\d{0,2}([.\s'’]\d{3})+(,|$)/.test(plain);
      return (isGrouped ? plain.replaceAll(/[.\s'’]/g, '') : plain).replace(point, '.');
    },
  };
}

function timesOf(locale: string): Pick<Formats, 'fromNow' | 'moment' | 'utcDay' | 'utcTick'> {
  const relative = locale === 'en' ? englishRelative : once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'always' }));
  const absolute = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }));
  const calendar = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }));
  return {
    fromNow: (seconds) => {
      if (Math.abs(seconds) < 5) return t`just now`;
      let value = seconds;
      for (const [length, unit] of steps) {
        // Rounded, so that a deadline set a moment ago for three days is "in 3 days".
        if (Math.abs(Math.round(value)) < length) return relative().format(Math.round(value), unit);
        value /= length;
      }
      return '';
    },
    moment: (seconds) => absolute().format(seconds * 1000),
    utcDay: (milliseconds) => calendar().format(milliseconds),
    utcTick: (at, index, ticks) => tickText(locale, at, index, ticks),
  };
}

/** `make`, when it is needed first. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const englishRelative = (): Pick<Intl.RelativeTimeFormat, 'format'> => ({
  format: (value, unit) => {
    const words = `${Math.abs(value)} ${unit}${Math.abs(value) === 1 ? '' : 's'}`;
    return value < 0 ? `${words} ago` : `in ${words}`;
  },
});

/** The parts of a moment from fine to coarse: whether ticks have that part, how it is written, and what stands below it. */
const tickParts: { has: (at: Date) => boolean; part: Intl.DateTimeFormatOptions; below?: Intl.DateTimeFormatOptions }[] = [
  { has: (at) => at.getTime() % 86_400_000 !== 0, part: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, below: { day: 'numeric', month: 'short' } },
  { has: (at) => at.getUTCDate() !== 1, part: { day: 'numeric', month: 'short' }, below: { year: 'numeric' } },
  { has: (at) => at.getUTCMonth() !== 0, part: { month: 'short' }, below: { year: 'numeric' } },
  { has: () => true, part: { year: 'numeric' } },
];

function tickText(locale: string, at: Date, index: number, ticks: readonly Date[]): string {
  const { part, below } = tickParts.find(({ has }) => ticks.some(has)) ?? {};
  const written = (moment: Date, options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(moment);
  if (!below) return written(at, part ?? {});
  const [before, under] = [ticks[index - 1], written(at, below)];
  return before && written(before, below) === under ? written(at, part ?? {}) : `${written(at, part ?? {})}\n${under}`;
}

export const { grouped, pointed, fixed, precise, numeral, unpointed, decimal, decimals, lowered, fromNow, moment, utcDay, utcTick } = createFormats(locale);
