import type { SampleChoice } from '@neurodata/engine';
import { type Description, type FolderFile, NeuroError, type StatisticsChoice } from '@neurodata/protocol';
import { type NeuroClient, type PublishResult, folderContent, freshFileIdentity, publishAsset, sealFolderFile, storeFolderFile } from '@neurodata/sdk';
import { describeTable } from './describeTable.ts';
import { type DescribedFile, pieces } from './fileContent.ts';
import { type FolderJournal, openFolderJournal } from './folderJournal.ts';
import type { LookedFolder } from './lookAtFolder.ts';
import type { VaultProgress } from './vaultProgress.ts';

export type FolderInput = { folder: Pick<LookedFolder, 'name' | 'files'>; /** The table that is described, as it was when it was chosen. */ main?: { path: string; table: DescribedFile } | undefined; description: Description; validatorsMayRead: boolean; open: boolean; statistics: StatisticsChoice; sample?: SampleChoice };

type Report = (progress: VaultProgress) => void;

/**
 * Seals and stores the files of a folder, then registers their index, as the command line does. What an interrupted try has stored is not sent again. Throws
 * `CONFLICT` where a file changes meanwhile, or as `describeTable` and `publishAsset`.
 */
export async function publishFolder({ client, input, report }: { client: NeuroClient; input: FolderInput; report: Report }): Promise<PublishResult> {
  const { folder: { name, files }, main, description, validatorsMayRead, open, statistics, sample } = input;
  const chosen = files.find(({ path }) => path === main?.path);
  const described = main && chosen && await describeTable({ file: chosen.file, table: main.table, statistics, sample });
  const journal = openFolderJournal({ client, name });
  const sealed = await sealFiles({ client, journal, files: files.map((file) => (described && file === chosen ? { ...file, format: described.mediaType } : file)), report }).catch(async (error: unknown) => {
    // Another file under the same digest: nothing more is sealed from that seed.
    if (error instanceof NeuroError && error.code === 'CONFLICT') await journal.clear();
    throw error;
  });
  const published = await publishAsset({
    client, kind: 'dataset', description, validatorsMayRead, open,
    ...folderContent({ name, files: sealed, ...(main ? { main: main.path } : {}) }),
    ...(described ? { rows: described.rows, columns: described.columns } : {}),
    onProgress: ({ stage, done }) => { if (stage === 'registering') report({ stage, done }); },
  });
  await journal.clear();
  return published;
}

/** Bytes of a whole folder are counted, so that one bar tells how far all of it is. */
async function sealFiles({ client, journal, files, report }: { client: NeuroClient; journal: FolderJournal; files: LookedFolder['files']; report: Report }): Promise<FolderFile[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const seed = await journal.seed();
  const sealed: FolderFile[] = [];
  let before = 0;
  for (const [at, { file, ...plain }] of files.entries()) {
    const part = { name: plain.path, number: at + 1, of: files.length };
    const tell = (bytes: number): void => report({ stage: 'storing', done: before + Math.min(bytes, plain.size), total, part });
    tell(0);
    const known = await journal.stored(plain);
    const isThere = known !== undefined && (await client.storage.fileSize(known.cid).then((size) => size === known.sealedSize, () => false));
    const identity = freshFileIdentity();
    const entry = isThere ? known : await storeFolderFile({ storage: client.storage, sealed: sealFolderFile({ content: pieces(file), file: plain, identity, seed }), file: plain, identity, onProgress: tell });
    if (!isThere) await journal.note(entry);
    sealed.push(entry);
    before += plain.size;
  }
  return sealed;
}
