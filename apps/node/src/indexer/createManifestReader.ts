import { NeuroError, completeManifest, parseManifest, sha256Hex } from '@neurodata/protocol';
import type { Change } from '@neurodata/protocol';
import { digestOfRawCid } from '@neurodata/storage';
import { and, asc, eq, exists, lte, or, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Log } from '../common/logger.ts';
import { mapLimited } from '../common/mapLimited.ts';
import type { Service } from '../common/service.ts';
import type { Database } from '../db/openDatabase.ts';
import { manifests, versions } from '../db/schema.ts';
import { createReader } from './createReader.ts';
import { fetchDocument, nowSeconds } from './fetchDocument.ts';
import { type ManifestRow, keepManifest, manifestRow } from './manifestRow.ts';

const batch = 16;

export type ManifestReaderParameters = { db: Database; log: Log; readDocument: (digest: Hex) => Promise<Uint8Array>; onChange: (change: Change) => void };

/** Reads the manifests of published versions, off the chain's path: unreachable ones again later, bad ones never again. */
export function createManifestReader(parameters: ManifestReaderParameters): Service & { wake(): void } {
  const { db, log, readDocument, onChange } = parameters;
  const readDue = async (signal: AbortSignal): Promise<number> => {
    const isUsed = exists(db.orm.select({ one: sql`1` }).from(versions).where(eq(versions.manifestDigest, manifests.digest)));
    const due = await db.orm.select({ digest: manifests.digest, attempts: manifests.attempts, state: manifests.state }).from(manifests)
      .where(and(or(eq(manifests.state, 'wanted'), and(eq(manifests.state, 'read'), eq(manifests.described, false))), lte(manifests.retryAt, nowSeconds()), isUsed)).orderBy(asc(manifests.retryAt)).limit(batch);
    const settled = await mapLimited(due, 4, async ({ digest, attempts, state }) => {
      const lists = new Map<string, Uint8Array>();
      const read = async (wanted: Hex): Promise<Uint8Array> => {
        const bytes = await readDocument(wanted);
        for (const cid of listsOf(bytes)) lists.set(cid, await readList(readDocument, cid));
        return bytes;
      };
      const toRow = async (bytes: Uint8Array): Promise<ManifestRow> => manifestRow(await completeManifest(parseManifest(bytes), async (cid) => lists.get(cid) ?? new Uint8Array()));
      const row = await fetchDocument({ digest, attempts, what: 'The manifest', read, toRow });
      if (signal.aborted) return undefined;
      // What was read once stays, also where nobody has the document any more.
      await keepManifest(db, digest, state === 'read' && row.state !== 'read' ? { described: true } : row);
      return row.state === 'wanted' ? undefined : digest;
    });
    for (const digest of settled) if (digest) onChange({ block: 0, topics: await topicsOf(db, digest) });
    return due.length;
  };
  return createReader({ log, what: 'manifests', readDue, batch });
}

/** Where a large folder's files are listed; nowhere of what is no manifest. */
function listsOf(bytes: Uint8Array): readonly string[] {
  try {
    return parseManifest(bytes)['nd:folder']?.lists ?? [];
  } catch {
    return [];
  }
}

async function readList(readDocument: ManifestReaderParameters['readDocument'], cid: string): Promise<Uint8Array> {
  const digest = digestOfRawCid(cid);
  const bytes = await readDocument(digest);
  if (sha256Hex(bytes) !== digest) throw new NeuroError(`Other bytes came for list ${cid}.`, { code: 'CONTENT_MISMATCH', retryable: true });
  return bytes;
}

async function topicsOf(db: Database, digest: Hex): Promise<string[]> {
  const rows = await db.orm.selectDistinct({ assetId: versions.assetId }).from(versions).where(eq(versions.manifestDigest, digest));
  return rows.map((row) => `asset:${row.assetId}`);
}
