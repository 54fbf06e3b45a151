import { manifestCids, parseFolderList, parseKeptStates, parseManifest } from '@neurodata/protocol';
import { MAX_BLOCK_BYTES, StorageError, dagLinks, parseCid, rawCidOfDigest } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Database } from '../db/openDatabase.ts';
import { blockColumns } from './blockColumns.ts';
import { blockName, mentionedIn, mentionedInDocument, mentionedInEvent } from './mentioned.ts';

export type MarkParameters = {
  db: Database;
  /** The own blocks first, then others': a node of a graph that is missing here is read there. */
  blocks: BlockStore;
  /** Names of the blocks that are here. */
  local: ReadonlySet<string>;
  /** What the files of this machine's own runs name. */
  noted: readonly string[];
  signal: AbortSignal;
};

export type Marked = { kept: Set<string>; /** Manifests and graphs that somebody still needs and nobody who was asked has. */ missing: string[] };

const DAG_PB = 0x70;
const RAW = 0x55;
const isGraph = (name: string): boolean => parseCid(name).code === DAG_PB;
const eventPage = 5_000;

/**
 * Which blocks somebody may still need: what versions, orders, jobs, subscriptions and everything else in the rows name, what those documents name, and what any event of the chain names.
 * Whatever a kept document mentions is kept, whether or not it is known what that is. Let go are the files of versions that were refused or revoked, that nobody has paid for and
 * no run has used; and the states of runs that are over.
 */
export async function markBlocks(parameters: MarkParameters): Promise<Marked> {
  const { db, blocks, local, noted, signal } = parameters;
  const kept = new Set<string>();
  const missing: string[] = [];
  const queue: { name: string; needed: boolean }[] = [];
  const mark = (name: string, needed = false): void => {
    if (kept.has(name)) return;
    kept.add(name);
    queue.push({ name, needed });
  };
  const over = await runsOver(db);
  /** Follows what is marked until nothing new comes. */
  const follow = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      signal.throwIfAborted();
      const { name, needed } = next;
      const graph = isGraph(name);
      // A raw block that is not here names nothing that is.
      if (!graph && !local.has(name) && !needed) continue;
      const bytes = await blocks.get(parseCid(name)).catch(noBlock);
      if (bytes === undefined) {
        if (needed) missing.push(name);
        continue;
      }
      if (graph) for (const link of dagLinks(parseCid(name), bytes, 'all')) markLeaf(link.toV1().toString(), link.code === RAW);
      else if (!isOfRunOver(bytes, over)) {
        if (needed) for (const cid of filesOf(bytes)) mark(blockName(cid) ?? cid, true);
        for (const mentioned of mentionedInDocument(bytes)) if (local.has(mentioned) || isGraph(mentioned)) mark(mentioned);
      }
    }
  };
  const markLeaf = (name: string, isLeaf: boolean): void => (isLeaf ? void kept.add(name) : mark(name));

  for (const { digest, status, needed } of await listManifests(db)) {
    const name = rawCidOfDigest(digest);
    // The document itself stays in any case: it is small, and the chain names it.
    if (needed) mark(name, status !== 'pending');
    else kept.add(name);
  }
  for (const name of await listNamed(db)) mark(name);
  for (const name of noted.flatMap((cid) => blockName(cid) ?? [])) mark(name);
  await follow();
  for (const name of await namedByEvents(db, new Set(Array.from(local).filter((name) => !kept.has(name))), signal)) mark(name);
  await follow();
  return { kept, missing };
}

/** Of a manifest, or of a list of a folder's files; what is neither names its blocks like any document. */
function filesOf(bytes: Uint8Array): string[] {
  if (bytes[0] !== 0x7b) return [];
  for (const read of [(): string[] => manifestCids(parseManifest(bytes)), (): string[] => parseFolderList(bytes).map(({ cid }) => cid)]) {
    try {
      return read();
    } catch {
      // It is something else.
    }
  }
  return [];
}

function noBlock(error: unknown): undefined {
  if (error instanceof StorageError) return undefined;
  throw error;
}

/** Each manifest once: it is needed where any of its versions is. */
async function listManifests(db: Database): Promise<{ digest: Hex; status: string; needed: boolean }[]> {
  const { rows } = await db.orm.execute<{ digest: Hex; status: string; needed: boolean }>(sql`
    SELECT v.manifest_digest AS digest, min(v.status) AS status, bool_or(
      v.status NOT IN ('refused', 'revoked')
      OR EXISTS (SELECT 1 FROM orders o WHERE o.asset_id = v.asset_id AND o.version = v.version AND o.state <> 'refunded')
      OR EXISTS (SELECT 1 FROM jobs j WHERE j.asset_id = v.asset_id AND j.version = v.version AND j.state <> 'refunded')
      OR EXISTS (SELECT 1 FROM subscriptions s WHERE s.asset_id = v.asset_id)
      OR EXISTS (SELECT 1 FROM lineage l WHERE l.parent_asset_id = v.asset_id AND l.parent_version = v.version)
    ) AS needed
    FROM versions v GROUP BY v.manifest_digest`);
  return rows;
}

/** What the columns of {@link blockColumns} name, but for manifests, of which more is asked. */
async function listNamed(db: Database): Promise<string[]> {
  const names = new Set<string>();
  for (const [table, columns] of Object.entries(blockColumns)) {
    for (const [column, kind] of Object.entries(columns)) {
      if (typeof kind !== 'string' || (table === 'versions' && column === 'manifest_digest') || (table === 'manifests' && column === 'digest')) continue;
      const { rows } = await db.orm.execute<{ value: string }>(sql`SELECT DISTINCT ${sql.identifier(column)} AS value FROM ${sql.identifier(table)} WHERE ${sql.identifier(column)} IS NOT NULL`);
      for (const { value } of rows) for (const name of mentionedIn(value)) names.add(name);
    }
  }
  return [...names];
}

/** Of `candidates`, those that any event names. */
async function namedByEvents(db: Database, candidates: Set<string>, signal: AbortSignal): Promise<Set<string>> {
  const named = new Set<string>();
  let [block, index] = [-1, -1];
  while (candidates.size > 0) {
    signal.throwIfAborted();
    const { rows } = await db.orm.execute<{ block: bigint; log_index: number; topics: Hex[]; data: Hex }>(sql`
      SELECT block, log_index, topics, data FROM events WHERE (block, log_index) > (${block}, ${index}) ORDER BY block, log_index LIMIT ${eventPage}`);
    for (const row of rows) for (const name of mentionedInEvent(row)) if (candidates.has(name)) named.add(name);
    const last = rows.at(-1);
    if (last === undefined) break;
    [block, index] = [Number(last.block), last.log_index];
  }
  return named;
}

async function runsOver(db: Database): Promise<Set<string>> {
  const { rows } = await db.orm.execute<{ job_id: string }>(sql`SELECT job_id FROM jobs WHERE state IN ('settled', 'slashed', 'refunded')`);
  return new Set(rows.map(({ job_id }) => job_id.toLowerCase()));
}

/** Whether a document says where the states of a run are that nobody goes on with any more. */
function isOfRunOver(bytes: Uint8Array, over: ReadonlySet<string>): boolean {
  if (bytes.length > MAX_BLOCK_BYTES || bytes[0] !== 0x7b) return false;
  try {
    return over.has(parseKeptStates(bytes).jobId.toLowerCase());
  } catch {
    return false;
  }
}
