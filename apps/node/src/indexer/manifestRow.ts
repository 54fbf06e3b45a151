import { sealedBytesOf } from '@neurodata/protocol';
import type { Manifest } from '@neurodata/protocol';
import { eq, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import { storable, storableJson } from '../common/storable.ts';
import type { Database } from '../db/openDatabase.ts';
import { refreshSearch } from '../db/refreshSearch.ts';
import { manifests, versions } from '../db/schema.ts';
import { plainWords, searchFactsOf } from './searchFacts.ts';

/** So many columns, and characters of a description, are searched. */
const mostColumns = 300;
const mostText = 5_000;

export type ManifestRow = { [K in keyof typeof manifests.$inferInsert]?: (typeof manifests.$inferInsert)[K] | ReturnType<typeof sql> };

/** What the database keeps of a manifest. */
export function manifestRow(manifest: Manifest): ManifestRow {
  const { 'nd:sealed': sealed, 'nd:columns': columns, 'nd:tables': tables = [] } = manifest;
  const title = storable(manifest.name);
  const description = storable(manifest.description);
  const tags = manifest.keywords.map(storable);
  const facts = searchFactsOf(manifest);
  const publisher = facts.publisher === null ? null : storable(facts.publisher);
  const weighed = (text: string, weight: string) => sql`setweight(to_tsvector('english', ${plainWords(text)}), ${sql.raw(`'${weight}'`)})`;
  const names = [...(columns ?? []), ...tables.flatMap((table) => table.columns)].slice(0, mostColumns).map(({ name }) => storable(name)).join(' ');
  return {
    title, description, tags,
    license: storable(manifest.license),
    source: manifest.isBasedOn === undefined ? null : storable(manifest.isBasedOn),
    rows: manifest['nd:rows'] ?? null,
    // The schema has checked the shape; only strings inside may have changed.
    columns: columns ? (storableJson(columns) as typeof columns) : null,
    sealedSize: sealedBytesOf(manifest),
    open: manifest['nd:open'] !== undefined,
    contentRoot: sealed.contentRoot,
    contentCommitment: sealed.contentCommitment,
    keysetDigest: sealed.keysetDigest,
    ...facts, publisher, described: true,
    search: sql`${weighed(title, 'A')} || ${weighed(tags.join(' '), 'B')} || ${weighed(`${names} ${publisher ?? ''}`, 'C')} || ${weighed(description.slice(0, mostText), 'D')}`,
  };
}

/** Writes what was read, and in the same transaction the search rows and words made of it. */
export async function keepManifest(db: Database, digest: Hex, row: ManifestRow): Promise<void> {
  await db.orm.transaction(async (tx) => {
    await tx.update(manifests).set(row).where(eq(manifests.digest, digest));
    if (row.state !== 'read') return;
    const of = await tx.selectDistinct({ assetId: versions.assetId }).from(versions).where(eq(versions.manifestDigest, digest));
    await refreshSearch(tx, of.map(({ assetId }) => assetId));
    await tx.execute(sql`INSERT INTO search_words (word, in_title) SELECT lexeme, 'A' = ANY (weights) FROM manifests m, unnest(m.search) WHERE m.digest = ${digest} AND length(lexeme) <= 60
      ORDER BY lexeme ON CONFLICT (word) DO UPDATE SET in_title = true WHERE excluded.in_title AND NOT search_words.in_title`);
  });
}
