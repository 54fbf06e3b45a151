import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Reader } from '../db/openDatabase.ts';
import { scoreOf } from './findMatches.ts';
import { readTerms, searchWordsOf, tsqueryOf } from './readTerms.ts';

/** What a query's words ask of `asset_search s`, and how well a row fits; undefined without a query, `nothing` where none can fit. */
export async function matchWords(db: Reader, query: string): Promise<{ condition: SQL; score: SQL } | 'nothing' | undefined> {
  if (query.trim() === '') return undefined;
  const read = searchWordsOf(query).length === 0 ? undefined : await readTerms(db, query);
  if (!read) return 'nothing';
  if (read.terms.length === 0) return undefined;
  const tsquery = sql`${tsqueryOf(read.terms)}::tsquery`;
  return { condition: sql`s.document @@ ${tsquery}`, score: scoreOf(tsquery) };
}
