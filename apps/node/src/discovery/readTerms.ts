import { sql } from 'drizzle-orm';
import type { Reader } from '../db/openDatabase.ts';
import { nearestWord } from './nearestWord.ts';

/** Words that mean the same in a query: one of them has to be there. `uses`: in about how many assets. */
export type Term = { words: string[]; uses: number; prefix?: boolean };
export type Terms = { terms: Term[]; corrections: { typed: string; used: string }[] };

const mostWords = 8;
const mostCharacters = 42;
/** A prefix stands for so many of the words that begin with it, the most used ones. */
const mostPrefixes = 6;
/** Shorter words are not taken for misspelt. */
const shortestTypo = 4;

/** The letters and digits of a query, as at most eight words; nothing in them has a meaning in tsquery. */
export function searchWordsOf(query: string): string[] {
  const runs = query.normalize('NFKC').match(/[\p{L}\p{N}]+/gu) ?? [];
  const words = runs.flatMap((run) => (/^0x[0-9a-f]+$/i.test(run) ? [run] : run.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').split(' ')));
  const read = words.slice(0, mostWords).map((word) => word.toLowerCase().slice(0, mostCharacters));
  // Said twice it asks for nothing more; the last place counts, since the last word may be a beginning.
  return read.filter((word, index) => read.lastIndexOf(word) === index);
}

type Counted = { word: string; uses: number };
type Row = { word: string; stems: string[]; known: Counted[]; prefixes: Counted[] };

/**
 * What a query asks for, in words that texts have: each typed word by its stem; the last one, and any that nobody uses, by
 * what begins with it; what is left by the nearest word of a title. Undefined where a word leads nowhere: nothing can match.
 */
export async function readTerms(db: Reader, query: string): Promise<Terms | undefined> {
  const words = searchWordsOf(query);
  if (words.length === 0) return { terms: [], corrections: [] };
  const { rows } = await db.orm.execute<Row>(sql`SELECT typed.word, typed.stems,
      coalesce((SELECT jsonb_agg(jsonb_build_object('word', w.word, 'uses', w.uses)) FROM search_words w WHERE w.word = ANY (typed.stems)), '[]') AS known,
      coalesce((SELECT jsonb_agg(jsonb_build_object('word', w.word, 'uses', w.uses)) FROM (SELECT p.word, p.uses FROM search_words p WHERE length(typed.word) > 1
        AND (typed.place = ${words.length} OR NOT EXISTS (SELECT 1 FROM search_words k WHERE k.word = ANY (typed.stems)))
        AND p.word ~>=~ typed.word AND p.word ~<~ (typed.word || chr(1114111)) ORDER BY p.uses DESC, p.word LIMIT ${mostPrefixes}) w), '[]') AS prefixes
    FROM (SELECT word, place, tsvector_to_array(to_tsvector('english', word)) AS stems FROM jsonb_array_elements_text(${JSON.stringify(words)}::jsonb) WITH ORDINALITY t (word, place)) typed ORDER BY typed.place`);
  const terms: Term[] = [];
  const corrections: Terms['corrections'] = [];
  for (const row of rows) {
    const found = termOf(row);
    if (found === 'ignored') continue;
    const corrected = found ?? (await correct(db, row));
    if (!corrected) return undefined;
    if (!found) corrections.push({ typed: row.word, used: corrected.words[0]! });
    terms.push(corrected);
  }
  return { terms, corrections };
}

function termOf({ word, stems, known, prefixes }: Row): Term | 'ignored' | undefined {
  if (stems.length === 0) return 'ignored';
  // Addresses are no words of a language, and everybody's is another.
  if (/^0x[0-9a-f]{4,40}$/.test(word)) return { words: [word], uses: 1, prefix: true };
  const words = new Map([...known, ...prefixes].map((entry) => [entry.word, entry.uses]));
  if (words.size === 0) return undefined;
  return { words: [...words.keys()], uses: [...words.values()].reduce((sum, uses) => sum + uses, 0) };
}

async function correct(db: Reader, { word, stems }: Row): Promise<Term | undefined> {
  const stem = stems[0] ?? word;
  if (word.length < shortestTypo) return undefined;
  const { rows } = await db.orm.execute<{ word: string; uses: number }>(sql`SELECT word, uses FROM search_words WHERE in_title AND word % ${stem} ORDER BY similarity(word, ${stem}) DESC, uses DESC, word LIMIT 30`);
  const nearest = nearestWord(stem, rows);
  return nearest && { words: [nearest.word], uses: nearest.uses };
}

/** As PostgreSQL reads a tsquery of words that are stems already. */
export function tsqueryOf(terms: readonly Term[]): string {
  const quoted = (word: string, prefix: boolean | undefined): string => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'${prefix ? ':*' : ''}`;
  return terms.map(({ words, prefix }) => `(${words.map((word) => quoted(word, prefix)).join(' | ')})`).join(' & ');
}
