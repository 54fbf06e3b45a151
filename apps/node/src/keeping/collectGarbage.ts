import { NeuroError, parseTerms } from '@neurodata/protocol';
import { firstOf, parseCid } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import type { DiskBlocks } from '@neurodata/storage/node';
import type { Database } from '../db/openDatabase.ts';
import { markBlocks } from './markBlocks.ts';

export type GarbageReport = {
  /** Blocks here, and bytes of them. */
  blocks: number;
  bytes: number;
  /** That nobody needs and nobody put for as long as the grace period; gone unless it was a dry run. */
  removed: number;
  removedBytes: number;
  /** That nobody needs yet, but are younger. */
  young: number;
  /** At most 20. */
  missing: string[];
};

export type CollectGarbageParameters = {
  db: Database;
  own: DiskBlocks;
  /** Asked for nodes of graphs that are missing here. */
  others: readonly BlockStore[];
  /** What the files of this machine's own runs name. */
  noted: readonly string[];
  /** The newest block of the chain. */
  head: number;
  graceSeconds: number;
  dryRun: boolean;
  /** Go on though something is missing that is needed: what only it names is lost then. */
  despiteMissing?: boolean;
  signal: AbortSignal;
  onProgress?: (stage: 'listing' | 'marking' | 'removing', done: number) => void;
};

/** Rows are never quite at the head while blocks come. */
const allowedLag = 20;
const mostMissing = 20;
const mostTermsBytes = 64 * 1024;

/**
 * Removes blocks that nothing names any more (see {@link markBlocks}) and that nobody put, or asked whether they are here, for the grace period. What comes while it works is not looked at;
 * what is put at the moment of its removal stays. It can be ended at any point.
 *
 * Throws NOT_READY where the rows are behind the chain, NOT_FOUND where something is missing of which nobody knows what it names.
 */
export async function collectGarbage(parameters: CollectGarbageParameters): Promise<GarbageReport> {
  const { db, own, others, noted, graceSeconds, dryRun, despiteMissing = false, signal, onProgress } = parameters;
  await checkRows(parameters);
  // Listed first: what comes later belongs to somebody.
  const before = Date.now() - graceSeconds * 1_000;
  const here = new Map<string, { size: number; changedAt: number }>();
  const report: GarbageReport = { blocks: 0, bytes: 0, removed: 0, removedBytes: 0, young: 0, missing: [] };
  for await (const { cid, size, changedAt } of own.stats()) {
    signal.throwIfAborted();
    here.set(cid.toString(), { size, changedAt });
    report.blocks += 1;
    report.bytes += size;
    onProgress?.('listing', report.blocks);
  }
  onProgress?.('marking', 0);
  const { kept, missing } = await markBlocks({ db, blocks: firstOf([own, ...others]), local: new Set(here.keys()), noted, signal });
  report.missing = missing.slice(0, mostMissing);
  if (missing.length > 0 && !despiteMissing) {
    throw new NeuroError(`${missing.length} blocks are nowhere that name others which are still needed. Nothing was removed.`, { code: 'NOT_FOUND', details: report.missing.join('\n'), remedy: 'Repair them with `neurodata storage check --repair`, or give up what only they name with --despite-missing.' });
  }
  for (const [name, { size, changedAt }] of here) {
    signal.throwIfAborted();
    if (kept.has(name)) continue;
    if (changedAt >= before) report.young += 1;
    else if (!(await isTerms(own, name, size)) && (dryRun || (await own.deleteOlder(parseCid(name), before)))) {
      report.removed += 1;
      report.removedBytes += size;
      onProgress?.('removing', report.removed);
    }
  }
  return report;
}

/** What the rows do not know yet was named a short while ago, and so put a short while ago. */
async function checkRows({ db, head, graceSeconds }: CollectGarbageParameters): Promise<void> {
  const { rows } = await db.pool.query<{ block: string; timestamp: string }>('SELECT block, timestamp FROM cursor');
  const [cursor] = rows;
  const lag = cursor === undefined ? Infinity : head - Number(cursor.block);
  const recent = cursor !== undefined && Number(cursor.timestamp) > Date.now() / 1_000 - graceSeconds / 2;
  if (lag <= 0 || (lag <= allowedLag && recent)) return;
  throw new NeuroError(`The rows ${cursor === undefined ? 'have not been made yet' : `are ${lag} blocks behind the chain`}, so nobody can tell what is needed. Nothing was removed.`, { code: 'NOT_READY', retryable: true, remedy: 'Let the node catch up first.' });
}

/** Of a private offer nothing is on chain until it is accepted. */
async function isTerms(own: BlockStore, name: string, size: number): Promise<boolean> {
  if (size > mostTermsBytes) return false;
  try {
    parseTerms(await own.get(parseCid(name)));
    return true;
  } catch {
    return false;
  }
}
