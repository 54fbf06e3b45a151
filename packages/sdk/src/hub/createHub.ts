import { type AssetDto, type VersionDto, assetIdOfName, isNamespaceOf } from '@neurodata/protocol';
import { byteRange } from './byteRange.ts';
import { HubError, toHubError } from './HubError.ts';
import { type HubResponse, hubJson, hubRefusal } from './hubAnswers.ts';
import type { HubFile } from './hubFiles.ts';
import type { HubSource } from './HubSource.ts';
import type { HubTables } from './HubTables.ts';
import { filesOfView, viewOf } from './hubView.ts';
import { PARQUET_REVISION, parquetPath, parquetUrl } from './parquetFile.ts';
import { DEFAULT_CONFIG } from './viewerTables.ts';
import { repoInfo, treeEntry, treeOf } from './repoInfo.ts';
import { type Viewer, createViewer, viewerRoutes } from './viewer.ts';

export type HubRequest = {
  method: string;
  /** Path and query as they were sent. */
  url: string;
  /** Names in small letters. */
  headers: Record<string, string | undefined>;
  body?: Uint8Array;
  signal?: AbortSignal;
};
export type Hub = (request: HubRequest) => Promise<HubResponse>;

type Kind = 'datasets' | 'models';
const kindOf: Record<Kind, AssetDto['kind']> = { datasets: 'dataset', models: 'model' };

/**
 * The Hugging Face hub's wire over NeuroData's assets: repository facts, trees, files with ranges, and the viewer's routes. Clients such as
 * `huggingface_hub` and `datasets` work with it unchanged. Who may read a file decides the source.
 */
export function createHub(parameters: { source: HubSource; tables: HubTables; /** Where clients reach it: `https://market.example`. */ origin(): string }): Hub {
  const { source } = parameters;
  const viewer = createViewer({ ...parameters, findRepo: (name) => findRepoById(source, name) });
  return async (request) => {
    const about: { commit?: string } = {};
    try {
      const who = source.authorize(request.headers);
      return await route({ ...parameters, viewer, request, about, who });
    } catch (error) {
      return hubRefusal(toHubError(error), about);
    }
  };
}

type Context = { source: HubSource; tables: HubTables; origin(): string; viewer: Viewer; request: HubRequest; about: { commit?: string }; who: { name: string } | undefined };

async function route(context: Context): Promise<HubResponse> {
  const { request, who, viewer } = context;
  const { segments, query } = parseUrl(request.url);
  const [first, second, third, fourth] = segments;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (first === 'api' && second === 'whoami-v2' && isRead) return json(request, whoami(who));
  if (first === 'api' && (second === 'models' || second === 'datasets')) return repoRoute(context, { kind: second, rest: segments.slice(2), query });
  if (isRead && segments.length === 1 && viewerRoutes.includes(first ?? '')) return json(request, await viewer(first ?? '', query));
  const prefixed = first === 'datasets' || (first === 'models' && fourth === 'resolve');
  const [namespace = '', name = '', verb, revision = '', ...path] = prefixed ? segments.slice(1) : segments;
  if (isRead && (verb === 'resolve' || verb === 'raw') && path.length > 0) return fileRoute(context, { kind: first === 'datasets' ? 'datasets' : 'models', namespace, name, revision, path: path.join('/') });
  throw new HubError(`${request.method} ${request.url.slice(0, 200)} is not served here${third === undefined ? '' : '; changes are made with the neurodata command'}.`, { status: 404, code: 'BadRequest' });
}

type Query = URLSearchParams;

async function repoRoute(context: Context, parameters: { kind: Kind; rest: string[]; query: Query }): Promise<HubResponse> {
  const { source, tables, request, about } = context;
  const { kind, rest: [namespace = '', name = '', verb, ...rest], query } = parameters;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const asset = await findRepo(source, { kind, namespace, name });
  if (isRead && verb === 'parquet' && kind === 'datasets') return parquetRoute(context, asset, rest);
  const [revision = 'main', ...path] = rest;
  const view = viewOf(asset, revision);
  const { commit } = view;
  about.commit = commit;
  const { files, manifest, dataPath } = await filesOfView({ source, tables, asset, view, measured: true });
  if (isRead && (verb === undefined || (verb === 'revision' && path.length === 0))) {
    const withBlobs = ['true', '1', 'True'].includes(query.get('blobs') ?? '');
    return json(request, repoInfo({ asset, version: view.version, files, manifest, commit, dataPath, withBlobs }), commit);
  }
  if (isRead && verb === 'tree') {
    const entries = treeOf(files, { folder: path.join('/').replace(/\/+$/, ''), recursive: /^(?:true|1)$/i.test(query.get('recursive') ?? ''), commit });
    if (!entries) throw unknownEntry(path.join('/'));
    return json(request, entries, commit);
  }
  if (request.method === 'POST' && verb === 'paths-info' && path.length === 0) {
    const wanted = pathsOf(request);
    return json(request, files.filter((file) => wanted.includes(file.path)).map(treeEntry), commit);
  }
  throw new HubError(`${request.method} ${request.url.slice(0, 200)} is not served here.`, { status: 404, code: 'BadRequest' });
}

async function fileRoute(context: Context, parameters: { kind: Kind; namespace: string; name: string; revision: string; path: string }): Promise<HubResponse> {
  const { source, tables, about } = context;
  const asset = await findRepo(source, parameters);
  const view = viewOf(asset, parameters.revision);
  const { version, commit } = view;
  about.commit = commit;
  const { files, manifest } = await filesOfView({ source, tables, asset, view, measured: false, path: parameters.path });
  const file = files.find(({ path }) => path === parameters.path);
  if (!file) throw unknownEntry(parameters.path);
  const data = file.bytes ? undefined : file.data ?? await source.openData({ asset, version, manifest, ...(file.inside === undefined ? {} : { path: file.inside }) });
  return sendFile(context.request, { file: { ...file, size: data?.size ?? file.size }, commit, data });
}

/** Addresses of the Parquet file by subset and split, as hubs list them; that by its number leads there. */
async function parquetRoute({ source, tables, request, origin }: Context, asset: AssetDto, path: string[]): Promise<HubResponse> {
  const [config = DEFAULT_CONFIG, split = 'train', file = '0.parquet', ...more] = path;
  const { files } = await filesOfView({ source, tables, asset, view: viewOf(asset, PARQUET_REVISION), measured: false, path: parquetPath(config) });
  if (files.length === 0 || split !== 'train' || file !== '0.parquet' || more.length > 0) throw unknownEntry(path.join('/'));
  const url = parquetUrl(origin(), asset, config);
  if (path.length === 3) return { status: 302, headers: { location: url, 'content-length': '0', 'cache-control': 'no-store' } };
  return json(request, path.length === 2 ? [url] : path.length === 1 ? { train: [url] } : { default: { train: [url] } });
}

/** Whole or in part, with everything that clients read of a file before they fetch it. */
function sendFile(request: HubRequest, parameters: { file: HubFile; commit: string; data: Awaited<ReturnType<HubSource['openData']>> | undefined }): HubResponse {
  const { file, commit, data } = parameters;
  const { size } = file;
  const etag = `"${file.etag}"`;
  const known = request.headers['if-range'];
  const range = known !== undefined && known !== etag ? undefined : byteRange(request.headers['range'], size);
  const { offset, length } = range ?? { offset: 0, length: size };
  const headers = {
    etag, 'x-repo-commit': commit, 'x-linked-etag': etag, 'x-linked-size': String(size), 'accept-ranges': 'bytes', 'content-type': file.mediaType, 'content-length': String(length),
    'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(file.path.split('/').at(-1) ?? '')}`, 'cache-control': data ? 'private, no-store' : 'no-cache', 'x-content-type-options': 'nosniff',
    ...(range ? { 'content-range': `bytes ${offset}-${offset + length - 1}/${size}` } : {}),
    ...(data ? { 'x-neurodata-checked': data.checks({ offset, length }) } : {}),
  };
  const status = range ? 206 : 200;
  if (request.method === 'HEAD') return { status, headers };
  const { signal } = request;
  return { status, headers, body: data ? data.read({ offset, length, ...(signal ? { signal } : {}) }) : (file.bytes ?? new Uint8Array()).subarray(offset, offset + length) };
}

async function findRepo(source: HubSource, parameters: { kind: Kind; namespace: string; name: string }): Promise<AssetDto> {
  const { kind, namespace, name } = parameters;
  const assetId = assetIdOfName(name);
  const asset = assetId === undefined ? undefined : await source.findAsset(assetId);
  if (asset && asset.kind === kindOf[kind] && isNamespaceOf(namespace, asset.owner)) return asset;
  throw new HubError(`There is no ${kindOf[kind]} ${namespace}/${name}. A name ends with the asset's number, after its owner's address or "assets": assets/12.`, { status: 404, code: 'RepoNotFound' });
}

/** As the viewer's routes name it; only datasets have one. */
async function findRepoById(source: HubSource, name: string): Promise<{ asset: AssetDto; version: VersionDto }> {
  const [namespace = '', last = ''] = name.split('/');
  const asset = await findRepo(source, { kind: 'datasets', namespace, name: last });
  return { asset, version: viewOf(asset, 'main').version };
}

const unknownEntry = (path: string): HubError => new HubError(`There is no ${path} in this version.`, { status: 404, code: 'EntryNotFound' });

function whoami(who: { name: string } | undefined): Record<string, unknown> {
  if (!who) throw new HubError('Nobody is known here without a token.', { status: 401, code: 'Unauthorized', headers: { 'www-authenticate': 'Bearer' } });
  return { type: 'user', id: who.name, name: who.name, fullname: who.name, email: null, emailVerified: false, isPro: false, canPay: false, orgs: [], auth: { type: 'access_token', accessToken: { displayName: 'neurodata serve', role: 'read' } } };
}

function pathsOf({ headers, body }: HubRequest): string[] {
  const text = new TextDecoder().decode(body ?? new Uint8Array());
  if (!headers['content-type']?.includes('json')) return new URLSearchParams(text).getAll('paths');
  try {
    const { paths } = JSON.parse(text) as { paths?: unknown };
    return [paths].flat().filter((path) => typeof path === 'string');
  } catch {
    throw new HubError('The body is no JSON.', { status: 400, code: 'BadRequest' });
  }
}

function parseUrl(url: string): { segments: string[]; query: Query } {
  const [path = '', query = ''] = url.split('?', 2);
  try {
    return { segments: path.split('/').slice(1).map(decodeURIComponent), query: new URLSearchParams(query) };
  } catch {
    throw new HubError('This address is not valid.', { status: 400, code: 'BadRequest' });
  }
}

const json = (request: HubRequest, value: unknown, commit?: string): HubResponse => hubJson(value, { method: request.method, ...(commit === undefined ? {} : { commit }) });
