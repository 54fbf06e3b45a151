import type { Check } from '../checks.ts';
import { type DownloadAssetParameters, readAsset } from '../downloadAsset.ts';
import { openMainTable } from './openMainTable.ts';

/** The table of what was bought, in memory: the file, or a folder's main table. Throws as `readAsset` and {@link openMainTable}. */
export async function readTable(parameters: DownloadAssetParameters): Promise<{ bytes: Uint8Array<ArrayBuffer>; checks: Check[] }> {
  const { client, signal } = parameters;
  const { bytes: content, manifest, checks } = await readAsset(parameters);
  return { bytes: await openMainTable({ storage: client.storage, manifest, content, ...(signal ? { signal } : {}) }), checks };
}
