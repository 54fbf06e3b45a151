import { clearSizeOf, folderFilesOf } from '@neurodata/protocol';
import type { Context, Result } from '../context.ts';
import { clean, short, table } from '../output.ts';
import { megabytes } from '../progress.ts';
import { parseAssetId } from '../resolve.ts';
import { readRevision } from './versionOf.ts';

/** The files of a version as everybody may know them: no key is needed. */
export async function listFiles(context: Context, text: string, { revision = 'main' }: { revision?: string }): Promise<Result> {
  const assetId = parseAssetId(text);
  const client = await context.client();
  const { version: { version }, manifest } = await readRevision(client, await context.api.getAsset({ assetId }), revision);
  const { 'nd:sealed': sealed, 'nd:folder': folder } = manifest;
  const files = folder
    ? folderFilesOf(manifest).map(({ path, cid, sealedSize }) => ({ path, size: clearSizeOf(sealedSize) ?? null, sealedSize, cid, main: path === folder.main?.path }))
    : [{ path: sealed.fileName, size: null, sealedSize: sealed.size, cid: sealed.cid, main: true }];
  const rows = files.map(({ path, size, sealedSize, cid, main }) => [`${short(clean(path), 80)}${main && folder ? ' (main table)' : ''}`, megabytes(size ?? sealedSize), cid]);
  return { value: { assetId, version, folder: folder !== undefined, files }, text: `Asset ${assetId} version ${version}\n${table(['file', 'size', 'ciphertext'], rows, '')}` };
}
