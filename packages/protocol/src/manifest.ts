import type { Hex } from 'viem';
import { z } from 'zod';
import { canonicalJson } from './bytes.ts';
import { categories, tasks } from './categories.ts';
import { describeFiles, describeRows, recordSets } from './croissant/describeFiles.ts';
import { type MainTable, describeFolder, describeTable, readFolderFiles, withFiles } from './croissant/describeFolder.ts';
import { CROISSANT } from './croissant/names.ts';
import { croissantContext, fileIds } from './croissant/vocabulary.ts';
import { defineDocument } from './document.ts';
import { NeuroError } from './errors.ts';
import { type Evaluation, evaluationSchema } from './evaluation.ts';
import { FOLDER_FORMAT, FOLDER_MEDIA_TYPE, MOST_FOLDER_FILES, type PublicFolderFile } from './folder.ts';
import { MOST_FOLDER_LISTS, parseFolderList } from './folderLists.ts';
import { findPathProblem, findPathsProblem } from './folderPaths.ts';
import { type FolderTable, MOST_FOLDER_TABLES, findTablesProblem, folderTableSchema } from './folderTables.ts';
import { type ManifestColumn, manifestColumnSchema } from './manifestColumn.ts';
import { isOpenLicense } from './spdx.ts';
import { cidSchema, hex32Schema } from './schemas.ts';
import { limitsSchema } from './terms/limits.ts';

/** Bytes of a sealed file at most that validators open: they hold it in memory. */
export const MOST_OPENED_BYTES = 2 ** 28;

/** Of models that validators load, run and measure. */
export const ONNX_MEDIA_TYPE = 'application/onnx';

/** What a publisher says of a version, before it becomes Croissant JSON-LD. */
export const descriptionSchema = z.object({
  title: z.string().min(1).max(200),
  description: z.string().min(1).max(20_000),
  /** SPDX id or a licence's URL. */
  license: z.string().min(1).max(200),
  source: z.string().max(1000).optional(),
  tags: z.array(z.string().min(1).max(50)).max(20),
  /** Guessed by whoever lists it where it is not said. */
  category: z.enum(categories).exactOptional(),
  task: z.enum(tasks).exactOptional(),
  /** What the publisher forbids besides what the licence does. */
  limits: limitsSchema.exactOptional(),
});
export type Description = z.output<typeof descriptionSchema>;

const sealedFileSchema = z.looseObject({ '@id': z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), contentUrl: z.string(), contentSize: z.string() });

const manifestSchema = z.looseObject({
  '@type': z.literal('sc:Dataset'),
  conformsTo: z.literal(CROISSANT),
  name: z.string().min(1).max(200),
  description: z.string().max(20_000),
  license: z.string().max(200),
  keywords: z.array(z.string().max(50)).max(20),
  isBasedOn: z.string().max(1000).optional(),
  /** The sealed file, then what is in it; those from before that was described name the sealed file alone. */
  distribution: z.tuple([sealedFileSchema]).rest(z.looseObject({ '@id': z.string() })).refine(({ length }) => length <= MOST_FOLDER_FILES + 2 * MOST_FOLDER_TABLES, 'too many files'),
  'nd:sealed': z.object({
    format: z.literal('age-encryption.org/v1'),
    cid: cidSchema,
    size: z.number().int().nonnegative(),
    keysetDigest: hex32Schema,
    contentRoot: hex32Schema,
    contentCommitment: hex32Schema,
    fileName: z.string().min(1).max(200),
    mediaType: z.string().max(100),
  }),
  /** Of a folder's version: the sealed file is the index of its files, which `distribution` lists too, or blocks of their own do (`lists`). `main`: what rows and columns are of. */
  'nd:folder': z.strictObject({ format: z.literal(FOLDER_FORMAT), files: z.int().positive().max(MOST_FOLDER_FILES), main: z.strictObject({ path: z.string().max(1_000), mediaType: z.string().max(100) }).exactOptional(), lists: z.array(cidSchema).min(1).max(MOST_FOLDER_LISTS).exactOptional() }).optional(),
  /** Tables of a folder besides its main one, by path, as far as its publisher describes them. */
  'nd:tables': z.array(folderTableSchema).min(1).max(MOST_FOLDER_TABLES).optional(),
  'nd:rows': z.number().int().nonnegative().optional(),
  'nd:columns': z.array(manifestColumnSchema).max(10_000).optional(),
  'nd:model': z.looseObject({ jobId: hex32Schema, modelDigest: hex32Schema, receiptDigest: hex32Schema, algorithm: z.string().max(100), target: z.string().max(200).nullable(), classes: z.array(z.string()).max(10_000), /** Markdown, written from the run's receipt and spec. */ card: z.string().max(200_000).exactOptional() }).optional(),
  'nd:evaluation': evaluationSchema.optional(),
  'nd:limits': limitsSchema.optional(),
  /** The key secret in the clear: its publisher lets everybody read the content, for ever. */
  'nd:open': z.strictObject({ secret: hex32Schema }).optional(),
}).superRefine((manifest, { addIssue }) => {
  const { mediaType } = manifest['nd:sealed'];
  const problem = findFolderProblem(manifest);
  if (problem !== undefined) addIssue({ code: 'custom', path: ['nd:folder'], input: mediaType, message: problem });
  if (manifest['nd:open'] && !isOpenLicense(manifest.license)) addIssue({ code: 'custom', path: ['nd:open'], input: manifest.license, message: `the key is told under open licences only, and ${manifest.license} is not known as one` });
  if (manifest['nd:open'] && manifest['nd:limits']) addIssue({ code: 'custom', path: ['nd:limits'], input: manifest['nd:limits'], message: 'everybody reads what is open, whatever for: it cannot have limits' });
  if (manifest['nd:evaluation'] && mediaType !== ONNX_MEDIA_TYPE) addIssue({ code: 'custom', path: ['nd:evaluation'], input: mediaType, message: `only models of ${ONNX_MEDIA_TYPE} are tested, this is ${mediaType}` });
});
/** The public description of an asset version: Croissant 1.1 JSON-LD with the sealed file's facts under `nd:`. */
export type Manifest = z.output<typeof manifestSchema>;

type FolderParts = { distribution: readonly Record<string, unknown>[]; 'nd:sealed': { mediaType: string }; 'nd:folder'?: { files: number; main?: MainTable; lists?: string[] } | undefined; 'nd:tables'?: FolderTable[] | undefined };

function findFolderProblem({ distribution, 'nd:sealed': { mediaType }, 'nd:folder': folder, 'nd:tables': tables }: FolderParts): string | undefined {
  if (!folder && tables) return 'tables of a folder are told of one file';
  if (!folder) return mediaType === FOLDER_MEDIA_TYPE ? 'the files of the folder are not listed' : undefined;
  if (mediaType !== FOLDER_MEDIA_TYPE) return `a folder's index is ${FOLDER_MEDIA_TYPE}, this is ${mediaType}`;
  const paths = readFolderFiles(distribution)?.map(({ path }) => path);
  // Its lists are read, and it is looked at again with them: see completeManifest.
  if (folder.lists && paths?.length === 0) return undefined;
  if (paths?.length !== folder.files) return `${folder.files} files are promised, and ${paths?.length ?? 'not all that are listed'} are there`;
  if (folder.main && !paths.includes(folder.main.path)) return `the main table ${JSON.stringify(folder.main.path)} is not among the files`;
  return paths.map(findPathProblem).find((found) => found !== undefined) ?? findPathsProblem(paths) ?? findTablesProblem(tables ?? [], { paths, main: folder.main?.path });
}

/** The sealed files of a folder's version by path, as everybody may know them; empty where a version is one file. Throws `INTERNAL` where its lists were not read. */
export function folderFilesOf(manifest: Manifest): PublicFolderFile[] {
  if (!manifest['nd:folder']) return [];
  if (isIncomplete(manifest)) throw new NeuroError('The lists of the folder were not read.', { code: 'INTERNAL', remedy: 'Read manifests by completeManifest.' });
  return readFolderFiles(manifest.distribution) ?? [];
}

/** Whether a manifest's files stand in lists that were not read yet. */
function isIncomplete({ distribution, 'nd:folder': folder }: Manifest): boolean {
  return folder?.lists !== undefined && readFolderFiles(distribution)?.length === 0;
}

/**
 * A parsed manifest with all of a folder's files: those of a large one are read from their lists, which its `lists` name by CID. Any other is given back as it is. `readRaw` must compare
 * bytes with their CID. Throws `BAD_MANIFEST` where they are not as many as promised, or cannot be so, and what `readRaw` throws.
 */
export async function completeManifest(manifest: Manifest, readRaw: (cid: string) => Promise<Uint8Array>): Promise<Manifest> {
  const lists = manifest['nd:folder']?.lists;
  if (!lists || !isIncomplete(manifest)) return manifest;
  const files: PublicFolderFile[] = [];
  for (const cid of lists) files.push(...parseFolderList(await readRaw(cid)));
  return document.check({ ...manifest, distribution: withFiles(manifest.distribution, files) });
}

/** The file that rows, columns and training runs of a version are of: its only one, or a folder's main table, which it may lack. `sealedSize` in bytes. */
export function mainFileOf(manifest: Manifest): (MainTable & { sealedSize: number }) | undefined {
  const { 'nd:sealed': { fileName, mediaType, size }, 'nd:folder': folder } = manifest;
  if (!folder) return { path: fileName, mediaType, sealedSize: size };
  const listed = folderFilesOf(manifest).find(({ path }) => path === folder.main?.path);
  return folder.main && listed && { ...folder.main, sealedSize: listed.sealedSize };
}

/** Bytes of everything sealed of a version. */
export function sealedBytesOf(manifest: Manifest): number {
  return folderFilesOf(manifest).reduce((sum, { sealedSize }) => sum + sealedSize, manifest['nd:sealed'].size);
}

/** Where everything of a version lies: its one file, or a folder's index, lists and files, as far as they are known. Manifest and keyset are blocks of their own. */
export function contentCidsOf(manifest: Manifest): string[] {
  const files = readFolderFiles(manifest.distribution) ?? [];
  return [...new Set([manifest['nd:sealed'].cid, ...(manifest['nd:folder']?.lists ?? []), ...files.map(({ cid }) => cid)])];
}

export type BuildManifestParameters = {
  description: Description;
  /** `ciphertextSha256` is the digest of the sealed file, which is what the distribution describes. */
  sealed: Manifest['nd:sealed'] & { ciphertextSha256: string };
  rows?: number;
  columns?: ManifestColumn[];
  model?: Manifest['nd:model'];
  /** What is claimed of an ONNX model. */
  evaluation?: Evaluation;
  /** The key secret, where everybody may read the content. */
  openSecret?: Hex;
  /** The content's own sha256 and size, which are told only along with the secret. */
  openContent?: { sha256: Hex; size: number };
  /** Of a folder: its sealed files in the order of the index, what `rows` and `columns` are of, and its other tables by path. */
  folder?: { files: readonly PublicFolderFile[]; main?: MainTable; tables?: readonly FolderTable[]; /** CIDs of the blocks that list the files, where the manifest does not. */ lists?: readonly string[] };
};

/** Builds the manifest and its canonical bytes; their sha256 is the manifest digest on chain. Of a folder with `lists` the files are not in it: see {@link completeManifest}. */
export function buildManifest(parameters: BuildManifestParameters): { manifest: Manifest; bytes: Uint8Array } {
  const { description, rows, columns, model, evaluation, openSecret, openContent, folder } = parameters;
  const { ciphertextSha256, ...sealed } = parameters.sealed;
  const manifest = document.check({
    '@context': croissantContext,
    '@type': 'sc:Dataset',
    conformsTo: CROISSANT,
    name: description.title,
    description: description.description,
    license: description.license,
    keywords: description.tags,
    ...(description.source ? { isBasedOn: description.source } : {}),
    ...(description.category ? { 'nd:category': description.category } : {}),
    ...(description.task ? { 'nd:task': description.task } : {}),
    ...(description.limits ? { 'nd:limits': description.limits } : {}),
    distribution: folder ? describeFolder({ sealed, sha256: plain(ciphertextSha256), files: folder.files, main: folder.main, tables: folder.tables, listed: folder.lists !== undefined }) : describeFiles(sealed, plain(ciphertextSha256), openSecret && openContent ? { sha256: plain(openContent.sha256), size: openContent.size } : undefined),
    ...recordSets([...(columns && columns.length > 0 ? [folder?.main ? describeRows(columns, folder.main.mediaType, { file: fileIds.mainTable }) : describeRows(columns, sealed.mediaType)] : []), ...(folder?.tables ?? []).map((table, index) => describeTable(table, index))]),
    'nd:sealed': sealed,
    ...(folder ? { 'nd:folder': { format: FOLDER_FORMAT, files: folder.files.length, ...(folder.main ? { main: folder.main } : {}), ...(folder.lists ? { lists: folder.lists } : {}) } } : {}),
    ...(folder?.tables?.length ? { 'nd:tables': folder.tables } : {}),
    ...(rows === undefined ? {} : { 'nd:rows': rows }),
    ...(columns ? { 'nd:columns': columns } : {}),
    ...(model ? { 'nd:model': model, 'prov:wasGeneratedBy': { '@id': `urn:neurodata:job:${model.jobId}` } } : {}),
    ...(evaluation ? { 'nd:evaluation': evaluation } : {}),
    ...(openSecret ? { 'nd:open': { secret: openSecret } } : {}),
  });
  return { manifest, bytes: canonicalJson(manifest) };
}

const plain = (digest: string): string => digest.replace(/^0x/, '');

const document = defineDocument({ schema: manifestSchema, what: 'The manifest', code: 'BAD_MANIFEST' });
/** Parses a manifest's bytes; throws BAD_MANIFEST naming the field. */
export const parseManifest = document.parse;
