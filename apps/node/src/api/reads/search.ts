import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { isCurrentText } from './summaries.ts';

const mostWords = 8;
/** Candidates first, ranking after: ranking every match of a common word costs seconds on large tables. */
const candidates = 300;

/** The letters and digits of a query, as at most eight words; nothing in them has a meaning in tsquery. */
export function searchWords(query: string): string[] {
  return (query.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, mostWords);
}

/**
 * Joins asset rows `a` with what matches the words in their current text: full text by prefix over title, tags and
 * description; where that finds nothing at all, titles with nearly the same words (see the threshold in `openDatabase`).
 * `hit.rank` is higher for better matches.
 */
export function matching(words: string[]): SQL {
  const prefixes = words.map((word) => `${word}:*`).join(' & ');
  const text = words.join(' ');
  const query = sql`to_tsquery('english', ${prefixes})`;
  return sql`JOIN (SELECT v.asset_id, max(found.rank) AS rank FROM (
      (SELECT c.digest, ts_rank(c.search, ${query}) + word_similarity(${text}, c.title) AS rank FROM manifests c WHERE c.search @@ ${query} LIMIT ${candidates})
      UNION ALL
      (SELECT c.digest, word_similarity(${text}, c.title) AS rank FROM manifests c
        WHERE ${text} <% c.title AND NOT EXISTS (SELECT 1 FROM manifests e WHERE e.search @@ ${query}) LIMIT ${candidates})
    ) found JOIN versions v ON v.manifest_digest = found.digest AND ${isCurrentText} GROUP BY v.asset_id) hit ON hit.asset_id = a.asset_id`;
}
