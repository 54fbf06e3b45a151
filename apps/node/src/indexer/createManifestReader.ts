import { parseManifest } from '@neurodata/protocol';
import type { Change, Manifest } from '@neurodata/protocol';
import { and, asc, eq, exists, lte, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Log } from '../common/logger.ts';
import { mapLimited } from '../common/mapLimited.ts';
import type { Service } from '../common/service.ts';
import { storable, storableJson } from '../common/storable.ts';
import type { Database } from '../db/openDatabase.ts';
import { manifests, versions } from '../db/schema.ts';
import { createReader } from './createReader.ts';
import { fetchDocument, nowSeconds } from './fetchDocument.ts';

const batch = 16;

export type ManifestReaderParameters = { db: Database; log: Log; readDocument: (digest: Hex) => Promise<Uint8Array>; onChange: (change: Change) => void };

/** Reads the manifests of published versions, off the chain's path: unreachable ones again later, bad ones never again. */
export function createManifestReader(parameters: ManifestReaderParameters): Service & { wake(): void } {
  const { db, log, readDocument, onChange } = parameters;
  const readDue = async (signal: AbortSignal): Promise<number> => {
    const isUsed = exists(db.orm.select({ one: sql`1` }).from(versions).where(eq(versions.manifestDigest, manifests.digest)));
    const due = await db.orm.select({ digest: manifests.digest, attempts: manifests.attempts }).from(manifests)
      .where(and(eq(manifests.state, 'wanted'), lte(manifests.retryAt, nowSeconds()), isUsed)).orderBy(asc(manifests.retryAt)).limit(batch);
    const settled = await mapLimited(due, 4, async ({ digest, attempts }) => {
      const row = await fetchDocument({ digest, attempts, what: 'The manifest', read: readDocument, toRow: (bytes) => rowOf(parseManifest(bytes)) });
      if (signal.aborted) return undefined;
      await db.orm.update(manifests).set(row).where(eq(manifests.digest, digest));
      return row.state === 'wanted' ? undefined : digest;
    });
    for (const digest of settled) if (digest) onChange({ block: 0, topics: await topicsOf(db, digest) });
    return due.length;
  };
  return createReader({ log, what: 'manifests', readDue, batch });
}

async function topicsOf(db: Database, digest: Hex): Promise<string[]> {
  const rows = await db.orm.selectDistinct({ assetId: versions.assetId }).from(versions).where(eq(versions.manifestDigest, digest));
  return rows.map((row) => `asset:${row.assetId}`);
}

type ManifestRow = { [K in keyof typeof manifests.$inferInsert]?: (typeof manifests.$inferInsert)[K] | ReturnType<typeof sql> };

function rowOf(manifest: Manifest): ManifestRow {
  const { 'nd:sealed': sealed, 'nd:columns': columns } = manifest;
  const title = storable(manifest.name);
  const description = storable(manifest.description);
  const tags = manifest.keywords.map(storable);
  const weighed = (text: string, weight: string) => sql`setweight(to_tsvector('english', ${text}), ${sql.raw(`'${weight}'`)})`;
  return {
    title, description, tags,
    license: storable(manifest.license),
    source: manifest.isBasedOn === undefined ? null : storable(manifest.isBasedOn),
    rows: manifest['nd:rows'] ?? null,
    // The schema has checked the shape; only strings inside may have changed.
    columns: columns ? (storableJson(columns) as typeof columns) : null,
    sealedSize: sealed.size,
    contentRoot: sealed.contentRoot,
    contentCommitment: sealed.contentCommitment,
    keysetDigest: sealed.keysetDigest,
    search: sql`${weighed(title, 'A')} || ${weighed(tags.join(' '), 'B')} || ${weighed(description, 'C')}`,
  };
}
