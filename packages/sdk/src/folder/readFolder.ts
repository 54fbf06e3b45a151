import { type FolderIndex, MOST_INDEX_BYTES, type Manifest, NeuroError } from '@neurodata/protocol';
import { type Check, HERE } from '../checks.ts';
import type { NeuroClient } from '../createClient.ts';
import { type DownloadAssetParameters, type DownloadAssetResult, downloadAsset, shareChecks } from '../downloadAsset.ts';
import { type EntitlementParameters, entitlementOf, openEntitledKey } from '../entitlementOf.ts';
import { collect, contentChecks, readSealedAsset } from '../readSealedAsset.ts';
import { readManifest } from '../readManifest.ts';
import { type VersionFacts, readVersion } from '../readVersion.ts';
import { checkFolder } from './checkFolder.ts';

export type OpenedFolder = { facts: VersionFacts; manifest: Manifest; index: FolderIndex; checks: Check[] };

/** The index of a folder that an order or a subscription has bought: its files, and what opens each. Throws as `downloadAsset` and {@link checkFolder}. */
export async function downloadFolder(parameters: DownloadAssetParameters): Promise<OpenedFolder> {
  return openFolderOf(await downloadAsset(parameters));
}

/** The same of a download that was begun, and of which nothing was read yet. */
export async function openFolderOf({ facts, manifest, bytes, badShares, done }: DownloadAssetResult): Promise<OpenedFolder> {
  expectFolder(manifest);
  const index = checkFolder(manifest, await collect(bytes));
  return { facts, manifest, index, checks: [...shareChecks(facts, badShares), ...contentChecks(facts, await done), indexCheck(index)] };
}

/** The same by whatever entitles the client's account: an order, a subscription, or owning the asset. Throws `NOT_ENTITLED`, or as `openEntitledKey`. */
export async function readFolder(parameters: EntitlementParameters): Promise<OpenedFolder> {
  const { client, assetId, version } = parameters;
  const entitlement = await entitlementOf(parameters);
  if (entitlement.by === 'nothing') throw new NeuroError(`This account may not open asset ${assetId} version ${version}: ${entitlement.why}.`, { code: 'NOT_ENTITLED', remedy: `Buy it first: \`neurodata datasets buy ${assetId} --asset-version ${version}\`.` });
  const { secret } = await openEntitledKey({ ...parameters, entitlement });
  return openFolder({ client, assetId, version, secret });
}

async function openFolder(parameters: { client: NeuroClient; assetId: number; version: number; secret: Uint8Array }): Promise<OpenedFolder> {
  const { client, assetId, version, secret } = parameters;
  expectFolder(await readManifest({ client, facts: await readVersion({ client, assetId, version }) }));
  const { bytes, manifest, facts, checks } = await readSealedAsset(parameters).finally(() => secret.fill(0));
  const index = checkFolder(manifest, bytes);
  return { facts, manifest, index, checks: [...checks, indexCheck(index)] };
}

/** Before anything is fetched. */
function expectFolder(manifest: Manifest): void {
  const { size } = manifest['nd:sealed'];
  if (!manifest['nd:folder']) throw new NeuroError('This version is one file, no folder.', { code: 'BAD_INPUT', remedy: 'Download it as it is.' });
  if (size > MOST_INDEX_BYTES * 1.01) throw new NeuroError(`The index of the folder has ${size} bytes, more than an index may have.`, { code: 'TOO_LARGE', remedy: 'Open a dispute.' });
}

function indexCheck({ files }: FolderIndex): Check {
  return { name: 'Index', status: 'passed', detail: `${files.length} ${files.length === 1 ? 'file' : 'files'}, as the manifest lists them`, by: HERE };
}
