import { facetNames } from '@neurodata/protocol';
import type { FacetName, Facets } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import type { Reader } from '../db/openDatabase.ts';
import { conditionsIn, estimate, scopeOf } from './findMatches.ts';
import type { Matching } from './findMatches.ts';
import type { Statistics } from './statistics.ts';

/** Of more matches than this, only so many are counted, of the most popular assets. */
const mostCounted = 300;
const mostValues = 20;

type Counts = Map<FacetName, { value: string; count: number }[]>;

/** How many matches each value of each filter has, the filter itself left aside: what one would get by choosing it. */
export async function countFacets(db: Reader, matching: Matching, statistics: Statistics): Promise<Facets> {
  const whole = await count(db, { matching, statistics });
  const without = await Promise.all(matching.wanted.map(async ({ name }) => ({ name, ...(await count(db, { matching: { ...matching, wanted: matching.wanted.filter((other) => other.name !== name) }, only: name, statistics })) })));
  const counts = Object.fromEntries(facetNames.map((name) => [name, (without.find((other) => other.name === name) ?? whole).counts.get(name) ?? []])) as Facets['counts'];
  return { estimated: whole.estimated || without.some(({ estimated }) => estimated), counts };
}

async function count(db: Reader, { matching, only, statistics }: { matching: Matching; only?: FacetName; statistics: Statistics }): Promise<{ counts: Counts; estimated: boolean }> {
  const expected = estimate(matching, statistics);
  // Reading where a common word is, among all, takes longer than counting.
  const scope = matching.terms.length > 0 ? scopeOf(expected, statistics, 5 * mostCounted) : undefined;
  const conditions = [sql`s.listed`, ...conditionsIn(scope, matching, expected)];
  const { rows } = await db.orm.execute<{ facet: string | null; uses: bigint }>(sql`WITH found AS MATERIALIZED (SELECT s.facets FROM asset_search s WHERE ${sql.join(conditions, sql` AND `)} LIMIT ${mostCounted})
    SELECT facet, count(*) AS uses FROM found, unnest(found.facets) facet ${only ? sql`WHERE starts_with(facet, ${`${only}:`})` : sql``} GROUP BY facet UNION ALL SELECT NULL, count(*) FROM found`);
  const counts: Counts = new Map();
  let estimated = false;
  for (const { facet, uses } of rows) {
    if (facet === null) estimated = scope !== undefined || Number(uses) === mostCounted;
    else counts.set(nameOf(facet), [...(counts.get(nameOf(facet)) ?? []), { value: facet.slice(facet.indexOf(':') + 1), count: Number(uses) }]);
  }
  for (const [name, values] of counts) counts.set(name, values.toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, mostValues));
  return { counts, estimated };
}

const nameOf = (facet: string): FacetName => facet.slice(0, facet.indexOf(':')) as FacetName;
