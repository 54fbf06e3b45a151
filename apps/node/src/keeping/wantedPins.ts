import { createStorage, rawCidOfDigest } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import type { Database } from '../db/openDatabase.ts';
import { listNeeded, versionCids } from '../jobs/checkPins.ts';
import type { WantedPin } from './createPinner.ts';

/** Manifest, keyset and files of every version that buyers or runs need, or that is for sale, each once. */
export async function wantedPins(parameters: { db: Database; blocks: BlockStore }): Promise<{ pins: WantedPin[]; complete: boolean }> {
  const storage = createStorage(parameters.blocks);
  const wanted = new Map<string, string>();
  let complete = true;
  for (const version of await listNeeded(parameters.db)) {
    const manifest = await storage.readRaw(rawCidOfDigest(version.manifestDigest)).catch(() => undefined);
    // Without it nobody can tell what it names.
    complete &&= manifest !== undefined;
    const { manifest: cid, keyset, files } = await versionCids(version, manifest, (list) => storage.readRaw(list)).catch(() => {
      complete = false;
      return { manifest: rawCidOfDigest(version.manifestDigest), keyset: undefined, files: [] };
    });
    const name = `asset ${version.assetId} v${version.version}`;
    for (const [one, part] of [[cid, 'manifest'], [keyset, 'keyset'], ...files.map((file) => [file, 'content'] as const)] as const) if (one !== undefined && !wanted.has(one)) wanted.set(one, `${name} ${part}`);
  }
  return { pins: Array.from(wanted, ([cid, name]) => ({ cid, name })), complete };
}
