import { type SampleChoice, tableMediaTypes } from '@neurodata/engine';
import { type Description, type FolderFile, NeuroError, type StatisticsChoice, choiceForTable, describeFolderTable, fitTables } from '@neurodata/protocol';
import { type NeuroClient, type PlainFile, type PublishProgress, type PublishResult, folderContent, freshFileIdentity, publishAsset, publishVersion, readFilesBefore, reuseFiles, sealFolderFile, storeFolderFile } from '@neurodata/sdk';
import { describeTable } from './describeTable.ts';
import { pieces } from './blobs.ts';
import type { DescribedFile } from './fileContent.ts';
import { type FolderJournal, openFolderJournal } from './folderJournal.ts';
import type { LookedFolder } from './lookAtFolder.ts';
import type { VaultProgress } from './vaultProgress.ts';

export type FolderInput = { folder: Pick<LookedFolder, 'name' | 'files' | 'tables'>; /** The table that is described, as it was when it was chosen. */ main?: { path: string; table: DescribedFile } | undefined; description: Description; validatorsMayRead: boolean; open: boolean; statistics: StatisticsChoice; sample?: SampleChoice; /** The asset that it is the next version of, and what that has already, as `openFilesBefore` gave it. */ next?: { assetId: number; before?: Blob | undefined } | undefined };

/** The files that a new version may take over. `index` has what opens them: only the vault reads it. `failed`: why none can be taken over. */
export type OpenedBefore = { version?: number; files: PlainFile[]; index: Blob; failed?: { version: number; why: string } };

type Report = (progress: VaultProgress) => void;

/** Opens the index of the version before, as the asset's owner: validators are asked for their shares. */
export async function openFilesBefore({ client, assetId }: { client: NeuroClient; assetId: number }): Promise<OpenedBefore> {
  const { files, version, failed } = await readFilesBefore({ client, assetId });
  return { ...(version === undefined ? {} : { version }), ...(failed ? { failed: { version: failed.version, why: failed.error.message } } : {}), files: files.map(({ path, format, size, sha256 }) => ({ path, format, size, sha256 })), index: new Blob([JSON.stringify(files)]) };
}

/**
 * Seals and stores the files of a folder, then registers their index, as the command line does: as a new asset, or as the next version of one. What the version before has, or an interrupted try has stored, is not sent again. Throws
 * `CONFLICT` where a file changes meanwhile, or as `describeTable` and `publishAsset`.
 */
export async function publishFolder({ client, input, report }: { client: NeuroClient; input: FolderInput; report: Report }): Promise<PublishResult> {
  const { folder: { name, files, tables: read }, main, description, validatorsMayRead, open, statistics, sample, next } = input;
  const before = next ? await filesBefore(client, next) : [];
  const chosen = files.find(({ path }) => path === main?.path);
  const paths = read.map(({ path }) => path);
  const choiceFor = (path: string): StatisticsChoice => choiceForTable(statistics, { path, isMain: path === main?.path, tables: paths });
  const described = main && chosen && await describeTable({ file: chosen.file, table: main.table, statistics: choiceFor(main.path), sample });
  const others = read.filter(({ path }) => path !== main?.path).flatMap(({ path, table }) => describeFolderTable({ path, mediaType: tableMediaTypes[table.format], rows: table.rows, columns: table.columns, choice: choiceFor(path) }) ?? []);
  const { told } = fitTables({ files, tables: others });
  // Of texts the content says what they are, where it was read.
  const formats = new Map([...told.map(({ path, mediaType }): [string, string] => [path, mediaType]), ...(described && main ? [[main.path, described.mediaType] as [string, string]] : [])]);
  const journal = openFolderJournal({ client, name });
  const sealed = await sealFiles({ client, journal, before, files: files.map((file) => ({ ...file, format: formats.get(file.path) ?? file.format })), report }).catch(async (error: unknown) => {
    // Another file under the same digest: nothing more is sealed from that seed.
    if (error instanceof NeuroError && error.code === 'CONFLICT') await journal.clear();
    throw error;
  });
  const said = {
    client, description, validatorsMayRead, open,
    ...folderContent({ name, files: sealed, tables: told, ...(main ? { main: main.path } : {}) }),
    ...(described ? { rows: described.rows, columns: described.columns } : {}),
    onProgress: ({ stage, done }: PublishProgress) => { if (stage === 'registering') report({ stage, done }); },
  };
  const published = await (next ? publishVersion({ ...said, assetId: next.assetId }) : publishAsset({ ...said, kind: 'dataset' }));
  await journal.clear();
  return published;
}

/** Those that the page had opened to compare them; opened here where it had not. */
async function filesBefore(client: NeuroClient, { assetId, before }: NonNullable<FolderInput['next']>): Promise<FolderFile[]> {
  return before ? (JSON.parse(await before.text()) as FolderFile[]) : (await readFilesBefore({ client, assetId })).files;
}

/** Bytes of a whole folder are counted, so that one bar tells how far all of it is. */
async function sealFiles({ client, journal, before, files, report }: { client: NeuroClient; journal: FolderJournal; before: readonly FolderFile[]; files: LookedFolder['files']; report: Report }): Promise<FolderFile[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const seed = await journal.seed();
  const sealed: FolderFile[] = [];
  const reused = reuseFiles(before, files);
  let past = 0;
  for (const [at, { file, ...plain }] of files.entries()) {
    const part = { name: plain.path, number: at + 1, of: files.length };
    const tell = (bytes: number): void => report({ stage: 'storing', done: past + Math.min(bytes, plain.size), total, part });
    tell(0);
    sealed.push(reused.get(plain.path) ?? (await storedBefore(client, journal, plain)) ?? (await sealOne({ client, journal, file, plain, seed, onProgress: tell })));
    past += plain.size;
  }
  return sealed;
}

/** A node may have dropped what nobody registered: then it is sealed anew. */
async function storedBefore(client: NeuroClient, journal: FolderJournal, file: PlainFile): Promise<FolderFile | undefined> {
  const entry = await journal.stored(file);
  return entry && (await client.storage.fileSize(entry.cid).then((size) => size === entry.sealedSize, () => false)) ? entry : undefined;
}

async function sealOne({ client, journal, file, plain, seed, onProgress }: { client: NeuroClient; journal: FolderJournal; file: File; plain: PlainFile; seed: Uint8Array; onProgress: (bytes: number) => void }): Promise<FolderFile> {
  const identity = freshFileIdentity();
  const entry = await storeFolderFile({ storage: client.storage, sealed: sealFolderFile({ content: pieces(file), file: plain, identity, seed }), file: plain, identity, onProgress });
  await journal.note(entry);
  return entry;
}
