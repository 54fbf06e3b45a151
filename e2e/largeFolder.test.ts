import { type FolderFile, folderFilesOf, sha256Hex } from '@neurodata/protocol';
import { folderContent, freshFileIdentity, poll, publishAsset, readFolder, readManifest, readVersion, sealFolderFile, storeFolderFile, waitForVersion } from '@neurodata/sdk';
import { expect, test } from 'vitest';
import { startStack } from './stack.ts';

/** A folder of more files than one manifest has room for, among real validators. */
const minute = 60_000;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

test('a folder of 5,000 files is published, checked, listed and opened', async () => {
  const stack = await startStack({ settings: { workers: 0 } });
  try {
    const client = await stack.client('publisher');
    const store = async (path: string, text: string, format: string): Promise<FolderFile> => {
      const bytes = new TextEncoder().encode(text);
      const [file, identity] = [{ path, format, size: bytes.length, sha256: sha256Hex(bytes).slice(2) }, freshFileIdentity()];
      return storeFolderFile({ storage: client.storage, sealed: sealFolderFile({ content: once(bytes), file, identity }), file, identity });
    };
    const [note, rows] = await Promise.all([store('notes/0000.txt', 'words', 'text/plain'), store('rows.csv', 'a,b\n1,x\n2,y\n', 'text/csv')]);
    // The same sealed file under many paths: what counts here is how many there are.
    const files = [...Array.from({ length: 4_999 }, (_, at) => ({ ...note, path: `notes/${String(at).padStart(4, '0')}.txt` })), rows];
    const columns = [{ name: 'a', kind: 'numeric' as const, missing: 0, distinct: 2 }, { name: 'b', kind: 'categorical' as const, missing: 0, distinct: 2 }];
    const description = { title: 'Many notes', description: 'A large folder.', license: 'CC0-1.0', tags: [] };
    const { assetId } = await publishAsset({ client, kind: 'dataset', description, validatorsMayRead: false, rows: 2, columns, ...folderContent({ name: 'notes', files, main: 'rows.csv' }) });
    await waitForVersion({ client, assetId, version: 1, status: 'live', timeoutMs: 3 * minute });
    const manifest = await readManifest({ client, facts: await readVersion({ client, assetId, version: 1 }) });
    expect([manifest['nd:folder']?.lists?.length, folderFilesOf(manifest).map(({ path }) => path)]).toEqual([1, files.map(({ path }) => path)]);
    expect((await readFolder({ client, assetId, version: 1 })).index.files).toEqual(files);
    const asset = await poll({ what: 'the description', remedy: 'Look at the index.', timeoutMs: minute, intervalMs: 200, ask: async () => (await client.api.getAsset({ assetId }).then((found) => (found.rows === 2 ? found : undefined))) });
    expect(asset.sealedSize).toBe(manifest['nd:sealed'].size + files.reduce((sum, { sealedSize }) => sum + sealedSize, 0));
    const tree = await (await fetch(`${stack.node.url}/api/datasets/assets/${assetId}/tree/main?recursive=true`)).json() as { path: string; type: string }[];
    expect(tree.filter(({ type }) => type === 'file')).toHaveLength(5_002);
  } finally {
    await stack.stop();
  }
}, 6 * minute);
