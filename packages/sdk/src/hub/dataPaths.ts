import { type Manifest, folderFilesOf } from '@neurodata/protocol';

/** Files of every version that are the market's own. */
export const CARD = 'README.md';
export const CROISSANT = 'croissant.json';

/** A path of a folder as clients see it: its own, below `data` where the card or the manifest has that name. */
export function folderPaths(paths: readonly string[]): Map<string, string> {
  const taken = new Set([CARD, CROISSANT, ...paths].map((path) => path.toLowerCase()));
  return new Map(paths.map((path) => {
    let shown = path;
    if ([CARD, CROISSANT].some((own) => own.toLowerCase() === path.toLowerCase())) while (taken.has(shown.toLowerCase())) shown = `data/${shown}`;
    return [path, shown];
  }));
}

/** Where the data of a version lies: under its publisher's own name, in a folder where that name is taken. Of a folder its main table; undefined where it has none. */
export function dataPathOf(manifest: Manifest): string | undefined {
  const { 'nd:folder': folder } = manifest;
  if (folder) return folder.main && folderPaths(folderFilesOf(manifest).map((file) => file.path)).get(folder.main.path);
  const { fileName } = manifest['nd:sealed'];
  const last = fileName.split(/[\\/]/).at(-1) ?? '';
  const plain = last.replaceAll(/[\p{Cc}\p{Cf}:*?"<>|[\]]/gu, '_').replace(/^\.+/, '').trim() || 'data.bin';
  return [CARD, CROISSANT].some((taken) => taken.toLowerCase() === plain.toLowerCase()) ? `data/${plain}` : plain;
}
