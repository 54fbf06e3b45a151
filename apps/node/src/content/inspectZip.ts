import { NeuroError } from '@neurodata/protocol';
import { stat } from 'node:fs/promises';
import yauzl from 'yauzl';
import { type ArchiveEntry, type ArchiveLimits, type ArchiveReport, createArchiveLedger, refused } from './archiveLedger.ts';

const [FILE_TYPE, REGULAR, FOLDER, SYMLINK] = [0o170000, 0o100000, 0o040000, 0o120000];

/**
 * Reads a zip file of images and texts to its end: names without tricks, no links, nothing encrypted, no entry that lies in another one's bytes, each as long as it says.
 *
 * @throws NeuroError BAD_INPUT naming the entry and what to do
 */
export async function inspectZip(file: string, limits: ArchiveLimits = {}): Promise<ArchiveReport> {
  const { size } = await stat(file);
  const ledger = createArchiveLedger(() => size, limits);
  const zip = await orRefused(yauzl.openPromise(file, { decodeStrings: false, validateEntrySizes: true }));
  let packed = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      packed += entry.compressedSize;
      if (packed > size) throw refused('The entries of the archive lie in each other: it is made to fill disks.', 'Pack the files again.');
      await takeEntry(zip, entry, ledger);
    }
  } catch (error) {
    throw asRefusal(error);
  } finally {
    zip.close();
  }
  return ledger.report();
}

async function takeEntry(zip: yauzl.ZipFile, entry: yauzl.Entry, ledger: ReturnType<typeof createArchiveLedger>): Promise<void> {
  const about = describe(entry);
  const name = ledger.admit(about);
  if (name === undefined || about.folder) return;
  if (entry.isEncrypted()) throw refused(`The archive holds an encrypted file: ${JSON.stringify(name)}.`, 'Pack it without a password: sealing is done here.');
  const local = await zip.readLocalFileHeaderPromise(entry, { minimal: false });
  if (!local.fileName.equals(entry.fileNameRaw)) throw refused(`The archive calls a file by two names, ${JSON.stringify(name)} and another one.`, 'Pack the files again.');
  await ledger.take(name, await zip.openReadStreamPromise(entry));
}

function describe(entry: yauzl.Entry): ArchiveEntry {
  const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  const folder = name.endsWith('/');
  if (type === SYMLINK) return { name, folder, link: 'a symbolic link' };
  return type !== 0 && type !== REGULAR && type !== FOLDER ? { name, folder, link: 'a device or a pipe' } : { name, folder };
}

async function orRefused<Value>(promise: Promise<Value>): Promise<Value> {
  return promise.catch((error: unknown) => {
    throw asRefusal(error);
  });
}

function asRefusal(error: unknown): unknown {
  if (error instanceof NeuroError) return error;
  return new NeuroError('The zip file cannot be read to its end.', { code: 'BAD_INPUT', remedy: 'Pack the files again.', details: error instanceof Error ? error.message : String(error), cause: error });
}
