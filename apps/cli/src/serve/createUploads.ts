import { ANY_NAMESPACE, type AssetDto, assetIdOfName, hubIdOf } from '@neurodata/protocol';
import { HubError, type HubResponse, hubJson, hubRefusal, toHubError } from '@neurodata/sdk';
import { z } from 'zod';
import type { DraftStore } from '../drafts/createDraftStore.ts';
import { type Draft, OID, draftCommit, draftIdOf, draftPath } from '../drafts/draft.ts';
import { readFront } from '../drafts/readCard.ts';
import { readCommit } from './commitLines.ts';
import { readDraft } from './readDraft.ts';
import { LINK_SECONDS, readUploadLink, uploadLink } from './uploadLink.ts';

export type UploadRequest = { method: string; url: string; headers: Record<string, string | undefined>; body: AsyncIterable<Uint8Array> };
export type UploadsParameters = {
  store: DraftStore;
  token: string;
  /** Refuses whoever is not this machine, and without a token. */
  authorize(headers: Record<string, string | undefined>): unknown;
  /** Refuses whoever is not this machine. */
  expectLocal(headers: Record<string, string | undefined>): void;
  findAsset(assetId: number): Promise<AssetDto | undefined>;
  /** Who publishes. */
  account: string | undefined;
  /** Told what became of a commit. */
  committed?: (draft: Draft) => void;
};
/** Answers what uploads ask; undefined: it is somebody else's question, and its body was not read. */
export type Uploads = (request: UploadRequest) => Promise<HubResponse | undefined>;

/** Files up to this size travel in the commit itself, so that clients with other transfer protocols need none. */
const INLINE = 4 * 2 ** 20;
const MOST_JSON = 8 * 2 ** 20;
const NAME = /^(?!.*(?:--|\.\.))[\w][\w.-]{0,95}(?<![.-])$/;

const kindOf = { datasets: 'dataset', models: 'model' } as const;
type Context = UploadsParameters & { request: UploadRequest; segments: string[]; query: URLSearchParams };
type Repo = Pick<Draft, 'kind' | 'repo'>;

/**
 * The hub's upload routes: a repository that does not exist is made as a draft, files are staged beside it, a commit names them. Nothing is published here: that takes a
 * command of the account's owner.
 */
export function createUploads(parameters: UploadsParameters): Uploads {
  return async (request) => {
    try {
      const [path = '', query = ''] = request.url.split('?', 2);
      const context = { ...parameters, request, segments: path.split('/').slice(1).map(decodeURIComponent), query: new URLSearchParams(query) };
      return await route(context);
    } catch (error) {
      return hubRefusal(toHubError(error instanceof URIError ? bad('This address is not valid.') : error));
    }
  };
}

async function route(context: Context): Promise<HubResponse | undefined> {
  const { request: { method, headers }, segments, authorize, expectLocal } = context;
  const [first, second, third, fourth, verb, revision] = segments;
  const isUpload = first === 'api' && second === 'uploads' && third !== undefined;
  if (isUpload && method === 'PUT') {
    expectLocal(headers);
    return receive(context, third);
  }
  authorize(headers);
  if (method === 'POST') {
    if (isUpload && fourth === 'verify') return verify(context, third);
    if (first === 'api' && second === 'repos' && third === 'create') return createRepo(context);
    if (first === 'api' && second === 'validate-yaml') return validateCard(context);
    if (segments.slice(-4).join('/') === 'info/lfs/objects/batch') return batch(context);
    if (first === 'api' && (second === 'datasets' || second === 'models') && (verb === 'preupload' || verb === 'commit')) {
      expectMain(revision, context.query);
      const repo = { kind: kindOf[second], repo: nameOf(third, fourth) };
      return verb === 'preupload' ? preupload(context, repo) : commit(context, repo);
    }
  }
  if (first === 'api' && verb?.startsWith('xet-')) throw new HubError('Xet is not served here: set HF_HUB_DISABLE_XET=1.', { status: 404, code: 'EntryNotFound' });
  return readDraft({ store: context.store, method, segments, readJson: () => readJson(context.request.body) });
}

/** Where the caller found this machine. */
const originOf = ({ request }: Context): string => `http://${request.headers['host'] ?? '127.0.0.1'}`;
const addressOf = (context: Context, { kind, repo }: Repo): string => `${originOf(context)}/${kind === 'dataset' ? 'datasets/' : ''}${repo}`;

const createSchema = z.object({ name: z.string(), organization: z.string().nullish(), type: z.enum(['dataset', 'model', 'space']).nullish() });

async function createRepo(context: Context): Promise<HubResponse> {
  const { name, organization, type } = parsed(createSchema, await readJson(context.request.body));
  if (type === 'space') throw bad('There are datasets and models here, no spaces.');
  const [namespace, last] = name.includes('/') ? name.split('/', 2) : [organization ?? context.account?.toLowerCase() ?? ANY_NAMESPACE, name];
  const wanted = { kind: type ?? 'model', repo: nameOf(namespace, last) };
  const assetId = await nextOf(context, wanted);
  const { made } = assetId === undefined ? await context.store.open(wanted) : { made: false };
  const url = addressOf(context, wanted);
  // With what the client asks for where it does not mind that there is one already.
  if (!made) return hubJson({ error: assetId === undefined ? `There is a draft ${draftIdOf(wanted)} of ${wanted.repo} already.` : `${wanted.repo} is asset ${assetId}: what is uploaded becomes a draft of its next version.`, url, name: wanted.repo }, { method: 'POST', status: 409 });
  return hubJson({ url, name: wanted.repo, id: draftIdOf(wanted), private: true }, { method: 'POST' });
}

/** The asset that a name means as the account's own, if any. Throws 403 for somebody else's. */
async function nextOf({ findAsset, account }: Context, { kind, repo }: Repo): Promise<number | undefined> {
  const [namespace = '', name = ''] = repo.split('/');
  const assetId = assetIdOfName(name);
  const asset = assetId === undefined ? undefined : await findAsset(assetId);
  if (!asset || asset.kind !== kind) {
    if (namespace === ANY_NAMESPACE && assetId !== undefined) throw new HubError(`There is no ${kind} ${repo}.`, { status: 404, code: 'RepoNotFound' });
    return undefined;
  }
  const meant = namespace === ANY_NAMESPACE || repo.toLowerCase() === hubIdOf(asset) || (namespace.toLowerCase() === asset.owner.toLowerCase() && name === String(assetId));
  if (!meant) return undefined;
  if (asset.owner.toLowerCase() !== account?.toLowerCase()) throw new HubError(`Asset ${asset.assetId} is not this account's.`, { status: 403, code: 'Unauthorized' });
  return asset.assetId;
}

/** The draft that is written to: one that was made, or the next version of an own asset. */
async function draftFor(context: Context, wanted: Repo): Promise<Draft> {
  const known = await context.store.find(draftIdOf(wanted));
  if (known) return known;
  const assetId = await nextOf(context, wanted);
  if (assetId === undefined) throw new HubError(`There is no draft ${wanted.repo}. Make it first: \`hf repos create ${wanted.repo} --type ${wanted.kind}\`.`, { status: 404, code: 'RepoNotFound' });
  return (await context.store.open({ ...wanted, assetId })).draft;
}

const preuploadSchema = z.object({ files: z.array(z.object({ path: z.string(), size: z.number().int().nonnegative().default(0) })).max(1_000) });

async function preupload(context: Context, wanted: Repo): Promise<HubResponse> {
  const { files: held } = await draftFor(context, wanted);
  const { files } = parsed(preuploadSchema, await readJson(context.request.body));
  const known = new Map(held.map((file) => [file.path, file]));
  const modes = files.map(({ path, size }) => {
    const before = known.get(draftPath(path));
    const large = size > INLINE;
    return { path, uploadMode: large ? 'lfs' : 'regular', shouldIgnore: false, ...(before && large ? { oid: before.oid } : {}) };
  });
  await context.store.expectRoom(Math.max(0, ...files.map(({ size }) => size)));
  return hubJson({ files: modes }, { method: 'POST' });
}

async function commit(context: Context, wanted: Repo): Promise<HubResponse> {
  const { store, committed } = context;
  const { draftId, ...before } = await draftFor(context, wanted);
  const { summary, parentCommit, changes } = await readCommit(context.request.body, store);
  if (parentCommit !== undefined && parentCommit !== draftCommit(before)) throw new HubError('The draft has changed since that commit.', { status: 412, code: 'BadRequest' });
  const draft = await store.commit(draftId, { changes, message: summary });
  committed?.(draft);
  const commitOid = draftCommit(draft);
  return hubJson({ success: true, commitOid, commitUrl: `${addressOf(context, draft)}/commit/${commitOid}`, hookOutput: '' }, { method: 'POST', commit: commitOid });
}

const batchSchema = z.object({ operation: z.string(), objects: z.array(z.object({ oid: z.string().regex(OID), size: z.number().int().nonnegative() })).max(1_000), hash_algo: z.literal('sha256').default('sha256') });

/** Git LFS, basic transfer: where the bytes of each file go that is not here yet. */
async function batch(context: Context): Promise<HubResponse> {
  const { store, token } = context;
  const { operation, objects } = parsed(batchSchema, await readJson(context.request.body));
  if (operation !== 'upload') throw bad('Files are downloaded by /resolve/.');
  const answers = await Promise.all(objects.map(async ({ oid, size }) => {
    if ((await store.sizeOf(oid)) === size) return { oid, size };
    const refused = await store.expectRoom(size).then(() => undefined, toHubError);
    if (refused) return { oid, size, error: { code: refused.status, message: refused.message } };
    return { oid, size, authenticated: true, actions: { upload: { href: `${originOf(context)}${uploadLink({ token, oid, size })}`, expires_in: LINK_SECONDS }, verify: { href: `${originOf(context)}/api/uploads/${oid}/verify` } } };
  }));
  const response = hubJson({ transfer: 'basic', hash_algo: 'sha256', objects: answers }, { method: 'POST' });
  return { ...response, headers: { ...response.headers, 'content-type': 'application/vnd.git-lfs+json' } };
}

async function receive({ store, token, query, request }: Context, oid: string): Promise<HubResponse> {
  const link = readUploadLink({ token, oid, query });
  const told = request.headers['content-length'];
  if (told !== undefined && Number(told) !== link.size) throw bad(`The address is for ${link.size} bytes.`);
  if ((await store.sizeOf(oid)) !== link.size) await store.put({ ...link, content: request.body });
  return { status: 200, headers: { etag: `"${oid}"`, 'content-length': '0' } };
}

async function verify({ store, request }: Context, oid: string): Promise<HubResponse> {
  const told = parsed(z.object({ oid: z.string(), size: z.number() }), await readJson(request.body));
  if (told.oid !== oid || (await store.sizeOf(oid)) !== told.size) throw new HubError('That file has not been uploaded.', { status: 404, code: 'EntryNotFound' });
  return hubJson({ message: 'verified' }, { method: 'POST' });
}

/** What clients ask before they upload a card. */
async function validateCard({ request }: Context): Promise<HubResponse> {
  const { content } = parsed(z.object({ content: z.string() }), await readJson(request.body));
  const { front, problem } = readFront(content);
  if (problem !== undefined) return hubJson({ errors: [{ message: problem }], warnings: [] }, { method: 'POST', status: 400 });
  return hubJson({ errors: [], warnings: front === undefined ? [{ message: 'The card has no front matter: licence and tags are asked for when it is published.' }] : [] }, { method: 'POST' });
}

function expectMain(revision: string | undefined, query: URLSearchParams): void {
  if (query.get('create_pr') !== null) throw bad('Drafts have no pull requests.');
  if (revision !== 'main') throw new HubError(`A draft has one branch, main, and no ${String(revision).slice(0, 100)}.`, { status: 404, code: 'RevisionNotFound' });
}

function nameOf(namespace: string | undefined, name: string | undefined): string {
  if (NAME.test(namespace ?? '') && NAME.test(name ?? '')) return `${namespace}/${name}`;
  throw bad('A name is namespace/name of letters, digits, -, _ and full stops, each at most 96 characters.');
}

const bad = (message: string): HubError => new HubError(message, { status: 400, code: 'BadRequest' });

function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  throw bad(`The body is not understood: ${z.prettifyError(found.error).split('\n')[0]?.slice(0, 200) ?? ''}`);
}

async function readJson(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > MOST_JSON) throw new HubError(`The body has more than ${MOST_JSON} bytes.`, { status: 413, code: 'BadRequest' });
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw bad('The body is no JSON.');
  }
}
