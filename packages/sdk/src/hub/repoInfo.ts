import { type AssetDto, type Manifest, type VersionDto, hubIdOf } from '@neurodata/protocol';
import { cardData } from './hubCard.ts';
import type { HubFile } from './hubFiles.ts';

export type RepoFacts = { asset: AssetDto; version: VersionDto; manifest: Manifest; files: HubFile[]; /** Of the revision: its 40 digits. */ commit: string; /** Of a folder that of its main table, where it has one. */ dataPath: string | undefined; withBlobs: boolean };

const day = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** What `GET /api/{models|datasets}/{id}` tells. */
export function repoInfo(facts: RepoFacts): Record<string, unknown> {
  const { asset, version, manifest, files, commit, dataPath, withBlobs } = facts;
  const id = hubIdOf(asset);
  const card = cardData({ asset, version, manifest, ...(dataPath === undefined ? {} : { dataPath }) });
  const { pipeline_tag: pipeline } = card;
  return {
    _id: commit.slice(0, 24), id, ...(asset.kind === 'dataset' ? {} : { modelId: id, ...(pipeline === undefined ? {} : { pipeline_tag: pipeline }) }),
    author: asset.owner.toLowerCase(), sha: commit, createdAt: day(asset.publishedAt), lastModified: day(version.at),
    private: false, gated: manifest['nd:open'] ? false : 'auto', disabled: false, downloads: asset.orders, likes: 0,
    tags: [...(card['tags'] as string[]), `license:${String(card['license'])}`, `neurodata:asset:${asset.assetId}`, `neurodata:version:${version.version}`],
    description: manifest.description, cardData: card, usedStorage: files.reduce((sum, { size }) => sum + size, 0),
    siblings: files.map((file) => ({ rfilename: file.path, ...(withBlobs ? { size: file.size, blobId: file.oid } : {}) })),
  };
}

/** One file as `tree` and `paths-info` list it. */
export function treeEntry(file: HubFile): Record<string, unknown> {
  return { type: 'file', oid: file.oid, size: file.size, path: file.path };
}

/** What lies in a folder, and below it where `recursive`; undefined where there is no such folder. */
export function treeOf(files: readonly HubFile[], parameters: { folder: string; recursive: boolean; commit: string }): Record<string, unknown>[] | undefined {
  const { folder, recursive, commit } = parameters;
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = files.filter(({ path }) => path.startsWith(prefix));
  if (below.length === 0) return undefined;
  const folders = new Set(below.flatMap(({ path }) => path.slice(prefix.length).split('/').slice(0, -1).map((_, index, parts) => prefix + parts.slice(0, index + 1).join('/'))));
  const shown = below.filter(({ path }) => recursive || !path.slice(prefix.length).includes('/'));
  const listed = [...folders].filter((path) => recursive || !path.slice(prefix.length).includes('/'));
  return [...listed.map((path) => ({ type: 'directory', oid: commit, size: 0, path })), ...shown.map(treeEntry)];
}
