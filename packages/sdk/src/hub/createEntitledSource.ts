import { NeuroError, type VersionDto } from '@neurodata/protocol';
import type { NeuroClient } from '../createClient.ts';
import { entitlementOf, openEntitledKey } from '../entitlementOf.ts';
import { readManifest } from '../readManifest.ts';
import { readVersion } from '../readVersion.ts';
import { openCheckedData, sizeInTheClear } from './checkedData.ts';
import type { HubData, HubSource } from './HubSource.ts';
import { createFolderOpener, mainTableSize } from './folderData.ts';
import { refusalOf } from './howToGet.ts';
import { openOpenData } from './openOpenData.ts';
import { readManifestBytes } from './readManifestBytes.ts';
import { remembering } from './remembering.ts';

/** What a client's account may open, unsealed on this machine: whoever can ask it reads what the account bought. */
export function createEntitledSource(parameters: { client: NeuroClient; authorize: HubSource['authorize'] }): HubSource {
  const { client, authorize } = parameters;
  const { storage } = client;
  const open = async (version: VersionDto, wanted: Parameters<HubSource['openData']>[0]): Promise<HubData> => {
    if (wanted.manifest['nd:open']) return openOpenData(storage, wanted);
    const place = { client, assetId: version.assetId, version: version.version };
    const entitlement = await entitlementOf(place);
    if (entitlement.by === 'nothing') throw refusalOf(entitlement, wanted);
    const { secret, facts } = await openEntitledKey({ ...place, entitlement });
    const { cid, size } = (await readManifest({ client, facts }))['nd:sealed'];
    return openCheckedData({ storage, cid, sealedSize: size, secret, contentRoot: facts.contentRoot, what: `asset ${version.assetId} version ${version.version}` });
  };
  const manifests = remembering(async (version: VersionDto) => {
    // The node names the digest; the chain has it.
    const facts = await readVersion({ client, assetId: version.assetId, version: version.version });
    if (facts.manifestDigest.toLowerCase() !== version.manifestDigest.toLowerCase()) throw new NeuroError(`The node names another manifest of asset ${version.assetId} version ${version.version} than the chain.`, { code: 'CONTENT_MISMATCH', remedy: 'Use another node.' });
    return readManifestBytes(storage, version);
  });
  const sizes = remembering(({ cid, size }: { cid: string; size: number }) => sizeInTheClear({ storage, cid, size }));
  const datas = remembering((wanted: Parameters<HubSource['openData']>[0]) => open(wanted.version, wanted));
  const folder = createFolderOpener(storage);
  return {
    authorize,
    findAsset: (assetId) => client.api.getAsset({ assetId }).catch((error: unknown) => {
      if (error instanceof NeuroError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }),
    readManifest: (version) => manifests(version.manifestDigest, version),
    sizeOf: async (manifest) => (manifest['nd:folder'] ? mainTableSize(manifest) : sizes(manifest['nd:sealed'].cid, manifest['nd:sealed'])),
    openData: (wanted) => folder(wanted, () => datas(`${wanted.asset.assetId}/${wanted.version.version}`, wanted)),
  };
}
