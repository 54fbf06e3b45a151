import { parseJobSpec, parseReceipt } from '@neurodata/protocol';
import type { Change } from '@neurodata/protocol';
import { and, asc, eq, lte, or, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Log } from '../common/logger.ts';
import { mapLimited } from '../common/mapLimited.ts';
import type { Service } from '../common/service.ts';
import { storable, storableJson } from '../common/storable.ts';
import type { Database } from '../db/openDatabase.ts';
import type { ReceiptFacts, SpecFacts } from '../db/schema.ts';
import { jobs, runDocuments } from '../db/schema.ts';
import { createReader } from './createReader.ts';
import { fetchDocument, nowSeconds } from './fetchDocument.ts';

const batch = 16;

export type RunReaderParameters = { db: Database; log: Log; readDocument: (digest: Hex) => Promise<Uint8Array>; onChange: (change: Change) => void };

/** Reads the specs and receipts that the chain's jobs name, off the chain's path. */
export function createRunReader(parameters: RunReaderParameters): Service & { wake(): void } {
  const { db, log, readDocument, onChange } = parameters;
  const readDue = async (signal: AbortSignal): Promise<number> => {
    const isUsed = sql`EXISTS (SELECT 1 FROM jobs j WHERE CASE ${runDocuments.kind} WHEN 'spec' THEN j.spec_digest ELSE j.receipt_digest END = ${runDocuments.digest})`;
    const due = await db.orm.select({ kind: runDocuments.kind, digest: runDocuments.digest, attempts: runDocuments.attempts }).from(runDocuments)
      .where(and(eq(runDocuments.state, 'wanted'), lte(runDocuments.retryAt, nowSeconds()), isUsed)).orderBy(asc(runDocuments.retryAt)).limit(batch);
    await mapLimited(due, 4, async ({ kind, digest, attempts }) => {
      const row = await fetchDocument({ digest, attempts, what: `The ${kind}`, read: readDocument, toRow: (bytes) => ({ facts: kind === 'spec' ? specFacts(bytes) : receiptFacts(bytes) }) });
      if (signal.aborted) return;
      await db.orm.update(runDocuments).set(row).where(and(eq(runDocuments.kind, kind), eq(runDocuments.digest, digest)));
      if (row.state !== 'wanted') onChange({ block: 0, topics: await topicsOf(db, digest) });
    });
    return due.length;
  };
  return createReader({ log, what: 'specs and receipts', readDue, batch });
}

async function topicsOf(db: Database, digest: Hex): Promise<string[]> {
  const rows = await db.orm.select({ jobId: jobs.jobId, assetId: jobs.assetId }).from(jobs).where(or(eq(jobs.specDigest, digest), eq(jobs.receiptDigest, digest)));
  return [...new Set(rows.flatMap(({ jobId, assetId }) => [`job:${jobId}`, `asset:${assetId}`]))];
}

const lower = (hex: Hex): Hex => hex.toLowerCase() as Hex;

function specFacts(bytes: Uint8Array): SpecFacts {
  const { input, train, output } = parseJobSpec(bytes);
  const { rule, seed, testFraction } = train.split;
  return {
    assetId: input.assetId, version: input.version, contentRoot: lower(input.contentRoot),
    algorithm: storable(train.algorithm), task: train.task, target: train.target === null ? null : storable(train.target), features: train.features.length, rule, seed, testFraction, ...(output ? { output } : {}),
  };
}

function receiptFacts(bytes: Uint8Array): ReceiptFacts {
  const { jobId, specDigest, steps, metrics } = parseReceipt(bytes).body;
  // The schema has checked the shape; only the names of scores may have changed.
  const scores = storableJson(metrics.scores) as typeof metrics.scores;
  return { jobId: lower(jobId), specDigest: lower(specDigest), task: metrics.task, steps, scores, trainRows: metrics.trainRows, testRows: metrics.testRows };
}
