import { completeManifest, manifestCids, parseManifest } from '@neurodata/protocol';
import { StorageError, createStorage, firstOf, parseCid, rawCidOfDigest } from '@neurodata/storage';
import type { BlockStore, Storage } from '@neurodata/storage';
import { sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { Database } from '../db/openDatabase.ts';

export type MissingPart = { assetId: number; version: number; part: 'manifest' | 'keyset' | 'content'; cid: string };

export type PinReport = {
  /** Versions that were read from beginning to end. */
  checked: number;
  /** Versions that are left for the next time. */
  left: number;
  /** Parts that another gateway or a validator had, and this node has again. */
  repaired: number;
  /** At most 100. */
  missing: MissingPart[];
  /** Versions of which no other holder gave the block that it was asked for; absent where nobody is asked. */
  alone?: number;
};

export type CheckPinsParameters = {
  db: Database;
  /** This node's own. */
  own: BlockStore;
  /** The own ones first, then others': what comes from those is kept in the own. The own alone, where nothing is to be repaired. */
  all: BlockStore;
  /** Asked for one block of each version, to see that it can be had there, too. */
  others?: readonly BlockStore[];
  signal: AbortSignal;
  /** How much is read in one go; the rest comes another time. */
  mostBytes?: number;
  onVersion?: (done: number, of: number) => void;
};

const mostMissing = 100;

/**
 * Reads what buyers and runs still need, or could need tomorrow: manifest, keyset and content of each version with an order or a run under way, or that is for sale. Every
 * block is hashed, so that a bad disk is noticed before a buyer notices it.
 */
export async function checkPins(parameters: CheckPinsParameters): Promise<PinReport> {
  const { db, own, all, others = [], signal, mostBytes = 4 * 1024 ** 3, onVersion } = parameters;
  const stores = { own: createStorage(own), all: createStorage(all) };
  const needed = await listNeeded(db);
  const report: PinReport = { checked: 0, left: 0, repaired: 0, missing: [], ...(others.length > 0 ? { alone: 0 } : {}) };
  let budget = mostBytes;
  for (const [index, version] of needed.entries()) {
    signal.throwIfAborted();
    if (budget <= 0) {
      report.left = needed.length - index;
      break;
    }
    const { bytes, cids } = await checkVersion({ stores, version, report, signal });
    budget -= bytes;
    report.checked += 1;
    if (report.alone !== undefined && !(await isElsewhere(others, cids, signal))) report.alone += 1;
    onVersion?.(report.checked, needed.length);
  }
  return report;
}

export type Needed = { assetId: number; version: number; manifestDigest: Hex; keysetDigest: Hex | null };
type Checking = { stores: { own: Storage; all: Storage }; version: Needed; report: PinReport; signal: AbortSignal };

/** In another order each time, so that a budget does not always end before the same ones. */
export async function listNeeded(db: Database): Promise<Needed[]> {
  const { rows } = await db.orm.execute<{ asset_id: bigint; version: bigint; manifest_digest: Hex; keyset_digest: Hex | null }>(sql`
    SELECT v.asset_id, v.version, v.manifest_digest, v.keyset_digest FROM versions v
    WHERE EXISTS (SELECT 1 FROM orders o WHERE o.asset_id = v.asset_id AND o.version = v.version AND o.state IN ('open', 'granted', 'disputed'))
       OR EXISTS (SELECT 1 FROM jobs j WHERE j.asset_id = v.asset_id AND j.version = v.version AND j.state IN ('open', 'claimed', 'submitted', 'accepted', 'rejected'))
       OR (v.status = 'live' AND EXISTS (SELECT 1 FROM listings l WHERE l.asset_id = v.asset_id AND NOT l.retired AND v.version BETWEEN l.first_version AND l.last_version))
    ORDER BY random()`);
  return rows.map((row) => ({ assetId: Number(row.asset_id), version: Number(row.version), manifestDigest: row.manifest_digest, keysetDigest: row.keyset_digest }));
}

/** Every CID that a version is made of, the manifest's first; the manifest's alone where nobody can read it: that is the publisher's fault, and shown elsewhere. Throws what `readRaw` throws. */
export async function versionCids({ manifestDigest, keysetDigest }: Needed, manifest: Uint8Array | undefined, readRaw: (cid: string) => Promise<Uint8Array>): Promise<{ manifest: string; keyset?: string; files: string[] }> {
  const cid = rawCidOfDigest(manifestDigest);
  try {
    const parsed = manifest && (await completeManifest(parseManifest(manifest), readRaw));
    if (parsed) return { manifest: cid, keyset: rawCidOfDigest(keysetDigest ?? parsed['nd:sealed'].keysetDigest), files: manifestCids(parsed) };
  } catch (error) {
    if (error instanceof StorageError) throw error;
  }
  return { manifest: cid, files: [] };
}

/** Returns how many bytes were read, and of what. */
async function checkVersion(checking: Checking): Promise<{ bytes: number; cids: string[] }> {
  const { version, signal } = checking;
  const manifestCid = rawCidOfDigest(version.manifestDigest);
  let manifest: Uint8Array | undefined;
  await checkPart(checking, { part: 'manifest', cid: manifestCid }, async (storage) => {
    manifest = await storage.readRaw(manifestCid);
  });
  const { keyset, files } = await versionCids(version, manifest, async (cid) => {
    let list: Uint8Array | undefined;
    await checkPart(checking, { part: 'content', cid }, async (storage) => {
      list = await storage.readRaw(cid);
    });
    return list ?? new Uint8Array();
  });
  if (keyset === undefined) return { bytes: 0, cids: [manifestCid] };
  await checkPart(checking, { part: 'keyset', cid: keyset }, async (storage) => void (await storage.readRaw(keyset)));
  let bytes = 0;
  for (const cid of files) {
    await checkPart(checking, { part: 'content', cid }, async (storage) => {
      for await (const chunk of storage.readFile({ cid })) {
        signal.throwIfAborted();
        bytes += chunk.length;
      }
    });
  }
  return { bytes, cids: [manifestCid, keyset, ...files] };
}

async function checkPart({ stores, version: { assetId, version }, report }: Checking, named: Pick<MissingPart, 'part' | 'cid'>, read: (storage: Storage) => Promise<void>): Promise<void> {
  if (await succeeds(() => read(stores.own))) return;
  if (await succeeds(() => read(stores.all))) report.repaired += 1;
  else if (report.missing.length < mostMissing) report.missing.push({ assetId, version, ...named });
}

/** One of the blocks, by chance: over time, each of them. */
async function isElsewhere(others: readonly BlockStore[], cids: string[], signal: AbortSignal): Promise<boolean> {
  const cid = parseCid(cids[Math.floor(Math.random() * cids.length)]!);
  return succeeds(async () => void (await firstOf([...others]).get(cid, { signal })));
}

async function succeeds(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof StorageError) return false;
    throw error;
  }
}
