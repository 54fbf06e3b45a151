import { copyFile, link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type ImportedDescription, NeuroError, unknownLicenseError } from '@neurodata/protocol';
import type { Context, Result } from '../context.ts';
import { declined } from '../prompt.ts';
import { type PublishOnnxOptions, publishOnnx } from '../publishOnnx.ts';
import { readBytes } from '../readBytes.ts';
import type { SaidOptions } from '../withDescription.ts';
import type { DraftStore } from './createDraftStore.ts';
import { besideFile, filesToPublish } from './dataFile.ts';
import type { Draft, DraftFile } from './draft.ts';
import { readCard } from './readCard.ts';

export type PublishDraftOptions = SaidOptions & Omit<PublishOnnxOptions, keyof SaidOptions> & { file?: string; again?: boolean };

/**
 * Publishes a draft as a file would be published: what was typed comes first, then what its card says, then its Croissant file. The draft is dropped once its version is
 * registered. Throws `CONFLICT` where an earlier attempt may have succeeded.
 */
export async function publishDraft(parameters: { context: Context; store: DraftStore; draftId: string; options: PublishDraftOptions; publishDataset: (context: Context, file: string, said: SaidOptions) => Promise<Result> }): Promise<Result> {
  const { context, store, draftId, options: { file: named, again = false, ...said }, publishDataset } = parameters;
  const draft = await store.get(draftId);
  if (draft.publishingSince !== undefined && !again) throw new NeuroError(`Draft ${draftId} was about to be published before, and nobody noted how that ended.`, { code: 'CONFLICT', remedy: 'See whether it is there (`neurodata datasets list --owner`), then drop it, or add --again.' });
  const files = filesToPublish(draft, named);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-draft-'));
  try {
    const place = await stageFiles({ store, draft, files, folder });
    const filled = await fillOptions({ context, store, draft, folder, said });
    await context.signer();
    // Written before anything is paid: a process that dies after that leaves it to be looked at.
    await store.change(draftId, (before) => ({ ...before, publishingSince: Math.floor(Date.now() / 1_000) }));
    const published = await publishAs(draft, { context, place, filled, publishDataset }).catch(async (error: unknown) => {
      if (!mayHaveSent(error)) await store.change(draftId, (before) => ({ ...before, publishingSince: undefined }));
      throw error;
    });
    await store.drop(draftId);
    return published;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Filled = Omit<PublishDraftOptions, 'file' | 'again'>;

function publishAs(draft: Draft, { context, place, filled, publishDataset }: { context: Context; place: string; filled: Filled; publishDataset: (context: Context, file: string, said: SaidOptions) => Promise<Result> }): Promise<Result> {
  if (draft.kind === 'dataset') return publishDataset(context, place, filled);
  const { title, license } = filled;
  if (title === undefined || license === undefined) throw new NeuroError(`${[title === undefined ? '--title' : undefined, license === undefined ? '--license' : undefined].filter(Boolean).join(', ')} missing: no card says it.`, { code: 'BAD_INPUT', remedy: 'Type what is missing, or upload a README.md with front matter.' });
  return publishOnnx(context, place, { ...filled, title, license });
}

/** Whatever was refused before a transaction left may be tried again at once. */
function mayHaveSent(error: unknown): boolean {
  return !declined(error) && !(error instanceof NeuroError && ['BAD_INPUT', 'TOO_LARGE', 'NOT_FOUND'].includes(error.code));
}

/** What `README.md` says; undefined where there is none. */
export async function cardOf(store: DraftStore, draft: Draft): Promise<ImportedDescription | undefined> {
  const card = besideFile(draft, /^readme\.md$/i);
  return card && readCard(await readBytes(store.objectPath(card.oid)));
}

type FillParameters = { context: Context; store: DraftStore; draft: Draft; folder: string; said: Filled };

/** The typed options, then what the card says, then the asset of which it is the next version; a Croissant file or Kaggle's metadata is left to `--from`. */
async function fillOptions({ context, store, draft, folder, said }: FillParameters): Promise<Filled> {
  const { assetId, kind, repo } = draft;
  const card = await cardOf(store, draft);
  const document = kind === 'dataset' && said.from === undefined ? besideFile(draft, /^(?:croissant|dataset-metadata)\.json$/i) : undefined;
  const from = document ? path.join(folder, 'beside', path.basename(document.path)) : said.from;
  if (document && from !== undefined) await stageAs(store.objectPath(document.oid), from);
  const before = assetId === undefined || from !== undefined ? undefined : await context.api.getAsset({ assetId });
  const license = said.license ?? card?.license;
  if (license === undefined && card?.unknownLicense !== undefined) throw unknownLicenseError(card.unknownLicense, 'with --license');
  const tags = card && card.tags.length > 0 ? card.tags : before?.tags;
  // A name is better than nothing, and the plan shows it before anybody says yes.
  const title = said.title ?? card?.title ?? before?.title ?? (from === undefined ? repo.split('/')[1] : undefined);
  const found = { title, license: license ?? before?.license, description: said.description ?? card?.description ?? before?.description, source: said.source ?? card?.source ?? before?.source, tags: said.tags ?? tags };
  return { ...said, ...withoutUndefined(found), ...(from === undefined ? {} : { from }), ...(assetId === undefined ? {} : { asset: assetId }) };
}

type Found = { title: string | undefined; license: string | undefined; description: string | undefined; source: string | undefined; tags: string[] | undefined };

const withoutUndefined = (found: Found): Partial<{ [Name in keyof Found]: NonNullable<Found[Name]> }> => Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));

/** Lays one file under its own name, which the manifest will tell, and several as they lie in the draft. Returns what is published. */
async function stageFiles({ store, draft, files, folder }: { store: DraftStore; draft: Draft; files: DraftFile[]; folder: string }): Promise<string> {
  const [first] = files;
  if (first && files.length === 1) {
    const place = path.join(folder, path.basename(first.path));
    await stageAs(store.objectPath(first.oid), place);
    return place;
  }
  const root = path.join(folder, 'files', draft.repo.split('/')[1] ?? 'files');
  for (const file of files) await stageAs(store.objectPath(file.oid), path.join(root, ...file.path.split('/')));
  return root;
}

/** Another name for a staged file. */
async function stageAs(object: string, place: string): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
  // Another disk has no links to this one.
  await link(object, place).catch(() => copyFile(object, place));
}
