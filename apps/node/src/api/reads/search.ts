import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';

const mostWords = 8;
/** Candidates first, ranking after: ranking every match of a common word costs seconds on large tables. */
const candidates = 300;

/** The letters and digits of a query, as at most eight words; nothing in them has a meaning in tsquery. */
export function searchWords(query: string): string[] {
  return (query.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, mostWords);
}

/**
 * Joins asset rows with what matches the words: full text by prefix over title, tags and description, or a title that is
 * nearly the same. `hit.rank` is higher for better matches.
 */
export function matching(words: string[]): SQL {
  const prefixes = words.map((word) => `${word}:*`).join(' & ');
  const text = words.join(' ');
  return sql`JOIN (
    SELECT c.digest, ts_rank(c.search, to_tsquery('english', ${prefixes})) + word_similarity(${text}, c.title) AS rank
    FROM manifests c WHERE c.state = 'read' AND (c.search @@ to_tsquery('english', ${prefixes}) OR ${text} <% c.title)
    LIMIT ${candidates}) hit ON hit.digest = m.digest`;
}
