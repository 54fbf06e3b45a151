import { NeuroError } from '@neurodata/protocol';
import type { Storage } from '@neurodata/storage';
import { hexToBytes } from 'viem';
import { openCheckedData } from './checkedData.ts';
import type { HubData, HubSource } from './HubSource.ts';

/** The file of a version whose publisher told its key: for everybody, and checked as any other. */
export async function openOpenData(storage: Pick<Storage, 'readFile'>, { asset, version, manifest }: Parameters<HubSource['openData']>[0]): Promise<HubData> {
  const what = `asset ${asset.assetId} version ${version.version}`;
  const { 'nd:open': open, 'nd:sealed': { cid, size } } = manifest;
  if (!open) throw new NeuroError(`The key of ${what} was not told.`, { code: 'NO_KEY', remedy: 'Buy it.' });
  return openCheckedData({ storage, cid, sealedSize: size, secret: hexToBytes(open.secret), contentRoot: version.contentRoot, what });
}
