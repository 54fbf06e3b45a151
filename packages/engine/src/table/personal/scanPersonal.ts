import { type Pattern, type PersonalKind, patterns } from './patterns.ts';

/** Personal data in a column: how many different values look so, and one of them with nothing left but its first character and its form. */
export type PersonalFinding = { kind: PersonalKind; values: number; example: string };

/** Looks through the texts of one column, each different one once. */
export type PersonalScan = {
  look(text: string): void;
  /** What was found so far, the most values first. */
  found(): PersonalFinding[];
};

type Seen = { right: number; wrong: number; least: number; example: string };

const BY_START: Record<Pattern['starts'], readonly Pattern[]> = {
  digit: patterns.filter(({ starts }) => starts === 'digit'), letter: patterns.filter(({ starts }) => starts === 'letter'),
  plus: patterns.filter(({ starts }) => starts === 'plus'), bracket: patterns.filter(({ starts }) => starts === 'bracket'),
};
const SHORTEST = 6;
const PHONE_NAME = /phone|mobile|telefon|(?:^|[^a-z])tel(?:[^a-z]|$)/i;

/** `name`: of the column; where it speaks of telephones, plain digits are taken as numbers of them. */
export function createPersonalScan(name: string): PersonalScan {
  const seen = new Map<PersonalKind, Seen>();
  const namesPhones = PHONE_NAME.test(name);
  const count = (kind: PersonalKind, isRight: boolean, text: string, least: number): void => {
    const known = seen.get(kind) ?? { right: 0, wrong: 0, least, example: '' };
    seen.set(kind, known);
    known.least = Math.min(known.least, least);
    if (!isRight) {
      known.wrong += 1;
      return;
    }
    if (known.right === 0) known.example = masked(text);
    known.right += 1;
  };
  return {
    look: (text) => {
      if (text.length < SHORTEST) return;
      const kinds = new Set<PersonalKind>();
      const once = (kind: PersonalKind, isRight: boolean, match: string, least: number): void => {
        if (kinds.has(kind)) return;
        if (isRight) kinds.add(kind);
        count(kind, isRight, match, least);
      };
      const email = findEmail(text);
      if (email !== undefined) once('e-mail', true, email, 1);
      if (namesPhones && /^0?\d[\d ./-]{5,18}$/.test(text)) once('phone', true, text, 1);
      else lookAtWords(text, once);
    },
    // Numbers that happen to have a right check digit stand among many that have not.
    found: () => [...seen].filter(([, { right, wrong, least }]) => right >= least && right >= wrong).map(([kind, { right, example }]) => ({ kind, values: right, example })).sort((a, b) => b.values - a.values),
  };
}

type Take = (kind: PersonalKind, isRight: boolean, match: string, least: number) => void;

function lookAtWords(text: string, take: Take): void {
  let before = 32;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const starts = startOf(code, before);
    before = code;
    if (starts === undefined) continue;
    for (const pattern of BY_START[starts]) tryPattern(pattern, text, at, take);
  }
}

function tryPattern({ kind, shape, isShaped, isRight, least }: Pattern, text: string, at: number, take: Take): void {
  shape.lastIndex = at;
  const [match] = shape.exec(text) ?? [];
  if (match === undefined || goesOn(text, at + match.length)) return;
  const bare = match.replaceAll(/[^A-Z0-9]/g, '');
  if (isShaped && !isShaped(bare)) return;
  take(kind, isRight?.(bare) ?? true, match, least);
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

/** What begins here, if a word does: not inside of another one, nor behind a decimal point. */
function startOf(code: number, before: number): Pattern['starts'] | undefined {
  if (isDigit(before) || isLetter(before) || before === 46 || before === 95) return undefined;
  if (isDigit(code)) return before === 43 || before === 45 || before === 44 ? undefined : 'digit';
  if (code >= 65 && code <= 90) return 'letter';
  if (code === 43) return 'plus';
  return code === 40 ? 'bracket' : undefined;
}

/** Whether the word is longer than what was matched. */
function goesOn(text: string, end: number): boolean {
  const code = text.charCodeAt(end);
  if (isDigit(code) || isLetter(code) || code === 95) return true;
  return (code === 46 || code === 44 || code === 45) && isDigit(text.charCodeAt(end + 1));
}

const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 255;
const LOCAL = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]/;
const DOMAIN = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;

/** The first e-mail address: characters that may stand before an @, and a domain with a name of letters at its end behind it. */
function findEmail(text: string): string | undefined {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && at - start < LONGEST_LOCAL && LOCAL.test(text[start - 1] ?? '')) start -= 1;
    let end = at + 1;
    while (end < text.length && end - at <= LONGEST_DOMAIN && /[A-Za-z0-9.-]/.test(text[end] ?? '')) end += 1;
    const labels = text.slice(at + 1, end).replace(/\.+$/, '').split('.');
    if (start < at && labels.length >= 2 && labels.every((label) => label.length <= 63 && DOMAIN.test(label)) && /^[A-Za-z]{2,}$/.test(labels.at(-1) ?? '')) return `${text.slice(start, at)}@${labels.join('.')}`;
  }
  return undefined;
}

/** The first character, and the form of the rest. */
function masked(text: string): string {
  const form = text.slice(1, 40).replaceAll(/[^ @.+()/-]/g, '*');
  return `${text[0] ?? ''}${form}`;
}
