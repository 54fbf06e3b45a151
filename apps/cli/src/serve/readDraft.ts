import { createReadStream } from 'node:fs';
import { HubError, type HubResponse, hubJson } from '@neurodata/sdk';
import type { DraftStore } from '../drafts/createDraftStore.ts';
import { type Draft, type DraftFile, draftCommit, draftIdOf } from '../drafts/draft.ts';

export type ReadDraftParameters = { store: DraftStore; method: string; segments: string[]; readJson(): Promise<unknown> };

/** What clients read of a repository that is a draft still: facts, listings, files. Undefined where the address names none. */
export async function readDraft({ store, method, segments, readJson }: ReadDraftParameters): Promise<HubResponse | undefined> {
  const isApi = segments[0] === 'api';
  const rest = isApi ? segments.slice(1) : segments;
  const kind = rest[0] === 'datasets' ? 'dataset' : 'model';
  const [namespace, name, verb, revision = 'main', ...path] = rest[0] === 'datasets' || (isApi && rest[0] === 'models') ? rest.slice(1) : rest;
  const draft = namespace === undefined || name === undefined ? undefined : await store.find(draftIdOf({ kind, repo: `${namespace}/${name}` }));
  // What is published is read as it was published.
  if (!draft || draft.assetId !== undefined) return undefined;
  const commit = draftCommit(draft);
  if (revision !== 'main' && revision !== commit) throw new HubError(`A draft has one branch, main, and no ${revision.slice(0, 100)}.`, { status: 404, code: 'RevisionNotFound', headers: { 'x-repo-commit': commit } });
  const isRead = method === 'GET' || method === 'HEAD';
  if (isApi && isRead && (verb === undefined || verb === 'revision')) return hubJson(infoOf(draft, commit), { method, commit });
  if (isApi && isRead && verb === 'tree') return hubJson(below(draft, path.join('/')).map(entryOf), { method, commit });
  if (isApi && method === 'POST' && verb === 'paths-info') {
    const asked = await readJson();
    const wanted = typeof asked === 'object' && asked !== null && 'paths' in asked ? [asked.paths].flat() : [];
    return hubJson(draft.files.filter((file) => wanted.includes(file.path)).map(entryOf), { method, commit });
  }
  if (!isApi && isRead && verb === 'resolve') return fileOf({ store, draft, method, commit, path: path.join('/') });
  return undefined;
}

const entryOf = ({ path, oid, size }: DraftFile): object => ({ type: 'file', path, size, oid: oid.slice(0, 40) });

function infoOf(draft: Draft, commit: string): object {
  const { repo, kind, files, createdAt, changedAt } = draft;
  const day = (seconds: number): string => new Date(seconds * 1_000).toISOString();
  return {
    _id: commit.slice(0, 24), id: repo, ...(kind === 'model' ? { modelId: repo } : {}), author: repo.split('/')[0], sha: commit, createdAt: day(createdAt), lastModified: day(changedAt), private: true, gated: false, disabled: false,
    downloads: 0, likes: 0, tags: ['neurodata:draft'], siblings: files.map(({ path, size, oid }) => ({ rfilename: path, size, blobId: oid.slice(0, 40) })),
  };
}

function below({ files }: Draft, folder: string): DraftFile[] {
  const found = files.filter(({ path }) => folder === '' || path.startsWith(`${folder}/`));
  if (found.length === 0 && folder !== '') throw new HubError(`There is no ${folder} in this draft.`, { status: 404, code: 'EntryNotFound' });
  return found;
}

function fileOf({ store, draft, method, commit, path }: { store: DraftStore; draft: Draft; method: string; commit: string; path: string }): HubResponse {
  const file = draft.files.find((one) => one.path === path);
  if (!file) throw new HubError(`There is no ${path} in this draft.`, { status: 404, code: 'EntryNotFound', headers: { 'x-repo-commit': commit } });
  const etag = `"${file.oid}"`;
  const headers = {
    etag, 'x-repo-commit': commit, 'x-linked-etag': etag, 'x-linked-size': String(file.size), 'content-type': 'application/octet-stream', 'content-length': String(file.size), 'content-disposition': 'attachment',
    'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff',
  };
  return { status: 200, headers, ...(method === 'HEAD' ? {} : { body: createReadStream(store.objectPath(file.oid)) }) };
}
