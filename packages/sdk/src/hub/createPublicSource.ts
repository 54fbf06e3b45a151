import type { AssetDto } from '@neurodata/protocol';
import type { Storage } from '@neurodata/storage';
import { sizeInTheClear } from './checkedData.ts';
import { HubError } from './HubError.ts';
import type { HubSource } from './HubSource.ts';
import { createFolderOpener, mainTableSize } from './folderData.ts';
import { sealedHere } from './howToGet.ts';
import { openOpenData } from './openOpenData.ts';
import { readManifestBytes } from './readManifestBytes.ts';
import { remembering } from './remembering.ts';

type Wanted = Parameters<HubSource['openData']>[0];

/** What a node without keys may show to everybody: cards, manifests, statistics, and files whose key their publisher told; sealed ones it refuses, with how to get them. */
export function createPublicSource(parameters: { storage: Pick<Storage, 'readRaw' | 'readFile'>; findAsset(assetId: number): Promise<AssetDto | undefined> }): HubSource {
  const { storage, findAsset } = parameters;
  const sizes = remembering(({ cid, size }: { cid: string; size: number }) => sizeInTheClear({ storage, cid, size }));
  const opened = remembering((wanted: Wanted) => openOpenData(storage, wanted));
  const folder = createFolderOpener(storage);
  return {
    authorize: () => undefined,
    findAsset,
    readManifest: (version) => readManifestBytes(storage, version),
    sizeOf: async (manifest) => (manifest['nd:folder'] ? mainTableSize(manifest) : sizes(manifest['nd:sealed'].cid, manifest['nd:sealed'])),
    openData: async (wanted) => {
      if (!wanted.manifest['nd:open']) throw sealedHere(wanted);
      const { asset, version } = wanted;
      // Just these words: by them clients tell it from what has to be bought.
      if (asset.hidden !== undefined || asset.curation.status === 'suspended') throw new HubError('Access to this resource is disabled.', { status: 403, code: 'Unavailable' });
      return folder(wanted, () => opened(`${asset.assetId}/${version.version}`, wanted));
    },
  };
}
