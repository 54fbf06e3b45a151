import { setTimeout as sleep } from 'node:timers/promises';
import { NeuroError, parseManifest, sha256Hex } from '@neurodata/protocol';
import type { Change, Manifest } from '@neurodata/protocol';
import { and, asc, eq, exists, lte, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Log } from '../common/logger.ts';
import { mapLimited } from '../common/mapLimited.ts';
import { withDeadline } from '../common/retry.ts';
import type { Service } from '../common/service.ts';
import { storable, storableJson } from '../common/storable.ts';
import type { Database } from '../db/openDatabase.ts';
import { manifests, versions } from '../db/schema.ts';

const idleMs = 500;
const deadlineMs = 15_000;
const longestWaitSeconds = 600;
const batch = 16;

export type ManifestReaderParameters = { db: Database; log: Log; readManifest: (digest: Hex) => Promise<Uint8Array>; onChange: (change: Change) => void };

/** Reads the manifests of published versions, off the chain's path: unreachable ones again later, bad ones never again. */
export function createManifestReader(parameters: ManifestReaderParameters): Service & { wake(): void } {
  const { db, log } = parameters;
  const abort = new AbortController();
  let wakeUp = new AbortController();
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    while (!abort.signal.aborted) {
      const found = await readDue(parameters).catch((error: unknown) => {
        log.warn({ error: String(error) }, 'manifests could not be read');
        return 0;
      });
      if (found === batch) continue;
      wakeUp = new AbortController();
      await sleep(idleMs, undefined, { signal: AbortSignal.any([abort.signal, wakeUp.signal]) }).catch(() => undefined);
    }
  };
  return {
    start: async () => {
      running ??= run();
    },
    stop: async () => {
      abort.abort();
      await running;
    },
    wake: () => wakeUp.abort(),
  };

  /** Reads those that are wanted and due. Returns how many there were. */
  async function readDue({ readManifest, onChange }: ManifestReaderParameters): Promise<number> {
    const isUsed = exists(db.orm.select({ one: sql`1` }).from(versions).where(eq(versions.manifestDigest, manifests.digest)));
    const due = await db.orm.select({ digest: manifests.digest, attempts: manifests.attempts }).from(manifests)
      .where(and(eq(manifests.state, 'wanted'), lte(manifests.retryAt, nowSeconds()), isUsed)).orderBy(asc(manifests.retryAt)).limit(batch);
    const settled = await mapLimited(due, 4, async ({ digest, attempts }) => {
      const row = await outcomeOf({ digest, attempts, readManifest });
      if (abort.signal.aborted) return undefined;
      await db.orm.update(manifests).set(row).where(eq(manifests.digest, digest));
      return row.state === 'wanted' ? undefined : digest;
    });
    for (const digest of settled) if (digest) onChange({ block: 0, topics: await topicsOf(db, digest) });
    return due.length;
  }
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

async function topicsOf(db: Database, digest: Hex): Promise<string[]> {
  const rows = await db.orm.selectDistinct({ assetId: versions.assetId }).from(versions).where(eq(versions.manifestDigest, digest));
  return rows.map((row) => `asset:${row.assetId}`);
}

type ManifestRow = { [K in keyof typeof manifests.$inferInsert]?: (typeof manifests.$inferInsert)[K] | ReturnType<typeof sql> };

async function outcomeOf(parameters: { digest: Hex; attempts: number; readManifest: (digest: Hex) => Promise<Uint8Array> }): Promise<ManifestRow & { state: 'wanted' | 'read' | 'unreadable' }> {
  const { digest, attempts, readManifest } = parameters;
  const later = (error: unknown) => {
    const retryAt = nowSeconds() + Math.min(2 ** Math.min(attempts, 12), longestWaitSeconds);
    return { state: 'wanted', attempts: attempts + 1, retryAt, reason: storable(error instanceof Error ? error.message : String(error)).slice(0, 500) } as const;
  };
  let bytes: Uint8Array;
  try {
    bytes = await withDeadline(readManifest(digest), { ms: deadlineMs, what: `The manifest ${digest}` });
    if (sha256Hex(bytes) !== digest) throw new NeuroError(`Other bytes came for the manifest ${digest}.`, { code: 'CONTENT_MISMATCH', retryable: true });
  } catch (error) {
    return later(error);
  }
  try {
    return { ...rowOf(parseManifest(bytes)), state: 'read', attempts: attempts + 1, reason: null };
  } catch (error) {
    const reason = error instanceof NeuroError ? `${error.message} ${error.details ?? ''}` : String(error);
    return { state: 'unreadable', attempts: attempts + 1, reason: storable(reason).slice(0, 500) };
  }
}

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
