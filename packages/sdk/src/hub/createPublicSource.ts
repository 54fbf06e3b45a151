import type { AssetDto } from '@neurodata/protocol';
import type { Storage } from '@neurodata/storage';
import { sizeInTheClear } from './checkedData.ts';
import type { HubSource } from './HubSource.ts';
import { sealedHere } from './howToGet.ts';
import { readManifestBytes } from './readManifestBytes.ts';
import { remembering } from './remembering.ts';

/** What a node without keys may show to everybody: cards, manifests, statistics; sealed files it refuses, with how to get them. */
export function createPublicSource(parameters: { storage: Pick<Storage, 'readRaw' | 'readFile'>; findAsset(assetId: number): Promise<AssetDto | undefined> }): HubSource {
  const { storage, findAsset } = parameters;
  const sizes = remembering(({ cid, size }: { cid: string; size: number }) => sizeInTheClear({ storage, cid, size }));
  return {
    authorize: () => undefined,
    findAsset,
    readManifest: (version) => readManifestBytes(storage, version),
    sizeOf: (manifest) => sizes(manifest['nd:sealed'].cid, manifest['nd:sealed']),
    openData: async (wanted) => { throw sealedHere(wanted); },
  };
}
