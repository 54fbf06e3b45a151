import type { Catalogue, Pattern } from './language.ts';
import { nameOf } from './nameOf.ts';

type Parameters = { words: Catalogue; patterns: readonly Pattern[]; /** Writes digits with a point as the reader does. */ grouped: (digits: string) => string };

/**
 * Says sentences that packages have made in another language: whole ones by their names, those with something filled in by their form. What is filled in may be such a
 * sentence itself, or an amount, which is written as the reader does. What is not found stays as it is; of several sentences, all are found or none.
 *
 * @example createTFrom({ words, patterns, grouped })('There is no asset 7.') // 'Das Asset 7 gibt es nicht.'
 */
export function createTFrom({ words, patterns, grouped }: Parameters): (sentence: string) => string {
  let forms: { form: RegExp; other: string }[] | undefined;
  const formed = (sentence: string): string | undefined => {
    forms ??= patterns.map(([english, other]) => ({ form: formOf(english), other }));
    for (const { form, other } of forms) {
      const values = form.exec(sentence)?.slice(1);
      if (values) return other.replace(/\{(\d+)\}( (?:NCR|ETH|%))?/g, (_, index: string, unit = '') => amount(`${value(values[Number(index)] ?? '')}${unit}`));
    }
    return undefined;
  };
  const known = (text: string): string | undefined => words[nameOf(text)] ?? formed(text);
  const find = (text: string): string | undefined => words[nameOf(text)] ?? reasoned(text) ?? formed(text) ?? each(text);
  /** A single word is a name, or a number. */
  const value = (text: string): string => (/\s/.test(text) ? (find(text) ?? text) : text);
  const amount = (text: string): string => text.replace(/^(\d+(?:\.\d+)?)(?= (?:NCR|ETH|%)$)/, grouped);
  /** What was done, and what came of it: "Confirm order 7: It is too late for that." */
  const reasoned = (text: string): string | undefined => {
    const at = text.indexOf(': ');
    const what = at < 0 ? undefined : known(text.slice(0, at));
    return what === undefined ? undefined : `${what}: ${value(text.slice(at + 2))}`;
  };
  const each = (text: string): string | undefined => {
    const sentences = text.split(/(?<=[.?]) (?=["“\p{Lu}])/u);
    const said = sentences.length === 1 ? [undefined] : sentences.map(known);
    return said.includes(undefined) ? undefined : said.join(' ');
  };
  return (text) => find(text) ?? text;
}

/** Slots stand for any text, and are in order. */
function formOf(english: string): RegExp {
  return new RegExp(`^${english.split(/\{\d+\}/).map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('(.+?)')}$`, 's');
}
