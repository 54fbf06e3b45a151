import { HubError } from '@neurodata/sdk';
import { stemmer } from 'stemmer';
import { identifier, literal } from '../profile/sqlText.ts';
import { type Column, type TableSql, freeName } from './tableSql.ts';

const [MOST_QUERY, MOST_WORDS, MOST_CANDIDATES] = [1_000, 32, 50_000];
const WORD = String.raw`[\p{L}\p{N}]`;

/** What is looked for: the stem of a word, and with what its forms begin. */
export type Term = { stem: string; begins: string };

/**
 * A query's words as stems, each once, whatever case and accents they are written in. English suffixes are taken off by Porter's algorithm ("An algorithm for suffix stripping",
 * 1980), as the hub's viewer does it; words of other letters stay.
 *
 * @throws HubError 422 where there are too many.
 */
export function termsOf(query: string): Term[] {
  const words = [...new Set(plain(query).match(new RegExp(`${WORD}+`, 'gu')) ?? [])];
  if (query.length > MOST_QUERY || words.length > MOST_WORDS) throw new HubError(`Parameter 'query' is invalid: it has at most ${MOST_WORDS} words.`, { status: 422, code: 'InvalidParameter' });
  return [...new Set(words.map(stemOf))].map((stem) => ({ stem, begins: beginOf(stem) }));
}

const plain = (text: string): string => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');

export const stemOf = (word: string): string => (isEnglish(word) ? stemmer(word) : word);

const isEnglish = (word: string): boolean => /^[a-z]+$/.test(word);

/** The algorithm's rules put at most one letter in the place of what they take off ("happy" becomes "happi"), or "le" ("bility" becomes "ble"): before that, a word and its stem are the same. */
function beginOf(stem: string): string {
  return isEnglish(stem) ? stem.slice(0, Math.max(1, stem.length - (stem.endsWith('ble') ? 2 : 1))) : stem;
}

/** Whether anything in the table could be found at all. */
export const hasTexts = (columns: readonly Column[]): boolean => columns.some(isText);

const isText = ({ type }: Column): boolean => /VARCHAR|ENUM|JSON/.test(type);

/** All texts of a row as one, without case and accents. */
function textSql(columns: readonly Column[]): string {
  return `strip_accents(lower(concat_ws(' ', ${columns.filter(isText).map(({ name }) => `CAST(${identifier(name)} AS VARCHAR)`).join(', ')})))`;
}

/** The words of a row that begin as a form of one of the terms does. */
function beginningsSql(terms: readonly Term[]): string {
  const begins = [...new Set(terms.map((term) => term.begins))].join('|');
  return `regexp_extract_all(text, ${literal(String.raw`(?:^|[^\p{L}\p{N}])((?:${begins})${WORD}*)`)}, 1)`;
}

/** Whether a row may have such a word: quicker than looking for its words. */
function mayHaveSql(terms: readonly Term[]): string {
  return [...new Set(terms.map((term) => term.begins))].map((begins) => `contains(text, ${literal(begins)})`).join(' OR ');
}

/** One SELECT for the table's words among which the forms of the terms are. */
export function candidatesSql(columns: readonly Column[], terms: readonly Term[]): string {
  return `SELECT word FROM (SELECT unnest(${beginningsSql(terms)}) AS word FROM (SELECT ${textSql(columns)} AS text FROM data) WHERE ${mayHaveSql(terms)}) GROUP BY word ORDER BY count(*) DESC, word LIMIT ${MOST_CANDIDATES}`;
}

/** For each term that occurs in the table, the words in it that have its stem. */
export function formsOf(terms: readonly Term[], words: readonly string[]): string[][] {
  const byStem = Map.groupBy(words, stemOf);
  return terms.map(({ stem }) => byStem.get(stem) ?? []).filter((forms) => forms.length > 0);
}

/**
 * One SELECT for a page of the rows that have a form of one of the terms, by relevance: Okapi BM25 with k1 = 1.2 and b = 0.75, as DuckDB has it, a row's length
 * in bytes of its texts, since its words need not be counted then. Equal ones stand in the table's order.
 * With a page that lies behind the last row comes one row whose index is null.
 */
export function searchSql(columns: readonly Column[], { terms, forms, offset, length }: { terms: readonly Term[]; forms: readonly string[][]; offset: number; length: number }): TableSql {
  const [index, total, score] = ['__row', '__total', '__score'].map((name) => freeName(name, columns)) as [string, string, string];
  const list = (words: readonly string[]): string => words.map((word) => literal(word)).join(', ');
  const each = (make: (position: number) => string, between = ', '): string => forms.map((_, position) => make(position)).join(between);
  const [row, sum, all] = [index, score, total].map(identifier);
  return {
    index, total,
    sql: `WITH hits AS MATERIALIZED (
  SELECT nr, width, list_filter(words, lambda word: word IN (${list(forms.flat())})) AS hits FROM (
    SELECT nr, strlen(text) AS width, CASE WHEN ${mayHaveSql(terms)} THEN ${beginningsSql(terms)} ELSE [] END AS words FROM (SELECT row_number() OVER () - 1 AS nr, ${textSql(columns)} AS text FROM data))),
matching AS MATERIALIZED (SELECT nr, width, ${each((position) => `len(list_filter(hits, lambda word: word IN (${list(forms[position]!)}))) AS f${position}`)} FROM hits WHERE len(hits) > 0),
whole AS (SELECT count(*) AS n, greatest(avg(width), 1) AS mean FROM hits),
each_term AS (SELECT count(*) AS found, ${each((position) => `count(*) FILTER (f${position} > 0) AS d${position}`)} FROM matching),
page AS (SELECT nr, ${each((position) => `ln((n - d${position} + 0.5) / (d${position} + 0.5) + 1) * f${position} * 2.2 / (f${position} + 1.2 * (0.25 + 0.75 * width / mean))`, ' + ')} AS score
  FROM matching, whole, each_term ORDER BY score DESC, nr LIMIT ${length} OFFSET ${offset}),
shown AS (SELECT page.score AS ${sum}, numbered.* FROM page JOIN (SELECT row_number() OVER () - 1 AS ${row}, * FROM data) AS numbered ON numbered.${row} = page.nr)
SELECT each_term.found AS ${all}, shown.* EXCLUDE (${sum}) FROM each_term LEFT JOIN shown ON true ORDER BY shown.${sum} DESC, shown.${row}`,
  };
}
