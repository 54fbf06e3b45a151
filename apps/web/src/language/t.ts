import { catalogue, locale } from './language.ts';
import { messageOf, nameOf, pluralOf } from './nameOf.ts';

/** What the reader's language says for an English message, by the texts around what is filled in, with its {0} as they are; nothing where it is English or has no words for it. */
export function translated(texts: readonly string[]): string | undefined {
  return catalogue?.[nameOf(messageOf(texts))];
}

/**
 * A sentence in the reader's language: it stands in the source in English, and in a catalogue for every other language.
 *
 * @example t`Column ${name}` // 'Column age', or 'Spalte age'
 */
export function t(texts: readonly string[], ...values: unknown[]): string {
  return filled(translated(texts), texts, values);
}

/**
 * The same where one word of English is two of another language: the catalogue has it with its sense.
 *
 * @example tAs('of stake')`Free` // 'Free', or what the catalogue has for 'Free (of stake)'
 */
export function tAs(sense: string): typeof t {
  return (texts, ...values) => filled(translated([...texts.slice(0, -1), `${texts.at(-1)} (${sense})`]), texts, values);
}

function filled(words: string | undefined, texts: readonly string[], values: unknown[]): string {
  if (words === undefined) return texts.reduce((text, next, index) => text + String(values[index - 1]) + next);
  return words.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));
}

/**
 * A number of things in words, by the plural rules of the reader's language. `written` is the number as it is shown.
 *
 * @example pluralText(2, '2', 'run') // '2 runs', or '2 Läufe'
 */
export function pluralText(value: number, written: string, noun: string): string {
  const words = translated([pluralOf(noun)]);
  if (words === undefined) return `${written} ${noun}${value === 1 ? '' : 's'}`;
  const forms = new Map([...words.matchAll(/(\w+) \{([^{}]*)\}/g)].map(([, rule, text]) => [rule, text]));
  return (forms.get(new Intl.PluralRules(locale).select(value)) ?? forms.get('other') ?? '').replace('#', written);
}
