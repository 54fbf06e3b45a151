import type { FolderFile, Manifest } from '@neurodata/protocol';
import { folderFilesOf } from '@neurodata/protocol';
import { FORMAT_HEAD_BYTES, checkFolder, folderFormat, openFolderFile } from '@neurodata/sdk';
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { expectFact, refuseIfWrong } from './finding.ts';
import { MAX_CONTENT_BYTES } from './readContent.ts';
import type { CheckContext } from './readContent.ts';

type Parameters = { context: CheckContext; manifest: Manifest; content: Uint8Array<ArrayBuffer> };

/** What of a version is looked into: its table, or its only file; of a folder also the other tables that the manifest tells of, by path. */
export type ReadFiles = { main: Uint8Array<ArrayBuffer> | undefined; tables: ReadonlyMap<string, Uint8Array<ArrayBuffer>> };

/**
 * Opens every file of a folder: what its index says, and nothing that is refused. Gives the tables that the manifest tells of; of a version that is one file, that
 * file. Only those are held in memory.
 *
 * @throws Refusal where the index or a file is wrong; anything else where it could not be checked now
 */
export async function readFiles({ context, manifest, content }: Parameters): Promise<ReadFiles> {
  const { 'nd:folder': folder, 'nd:tables': told = [] } = manifest;
  if (!folder) return { main: content, tables: new Map() };
  const { files } = await refuseIfWrong('The folder', Promise.resolve().then(() => checkFolder(manifest, content)));
  const total = files.reduce((sum, { size }) => sum + size, 0);
  expectFact(total <= MAX_CONTENT_BYTES, `The folder's files have ${total} bytes; validators read at most ${MAX_CONTENT_BYTES}.`);
  const wanted = new Set([folder.main?.path, ...told.map(({ path }) => path)]);
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const file of files) {
    const bytes = await refuseIfWrong(`The folder's file ${JSON.stringify(file.path)}`, readOne(context, file, wanted.has(file.path)));
    if (bytes) kept.set(file.path, bytes);
  }
  const main = kept.get(folder.main?.path ?? '');
  kept.delete(folder.main?.path ?? '');
  return { main, tables: kept };
}

async function readOne({ setup, signal }: CheckContext, file: FolderFile, keep: boolean): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const whole = keep ? new Uint8Array(file.size) : undefined;
  const head = new Uint8Array(Math.min(file.size, FORMAT_HEAD_BYTES));
  let at = 0;
  let last: Uint8Array = new Uint8Array();
  for await (const piece of openFolderFile({ storage: setup.client.storage, file, signal })) {
    // Without a pause a large file would hold up every other part of this process.
    await setImmediate();
    whole?.set(piece, at);
    if (at < head.length) head.set(piece.subarray(0, head.length - at), at);
    at += piece.length;
    if (piece.length > 0) last = piece.slice(-1);
  }
  folderFormat({ path: file.path, head, last });
  return whole;
}

/** Compares the sealed files of a folder with what its manifest says of them, whoever may open them. Throws as {@link readFiles}. */
export async function checkSealedFiles({ context, manifest }: Omit<Parameters, 'content'>): Promise<void> {
  for (const { path, cid, sealedSize, sealedSha256 } of folderFilesOf(manifest)) {
    const hash = createHash('sha256');
    let length = 0;
    for await (const piece of context.setup.client.storage.readFile({ cid, signal: context.signal })) {
      length += piece.length;
      expectFact(length <= sealedSize, `The sealed file of ${JSON.stringify(path)} is longer than the ${sealedSize} bytes of the manifest.`);
      hash.update(piece);
    }
    expectFact(length === sealedSize, `The sealed file of ${JSON.stringify(path)} has ${length} bytes, the manifest says ${sealedSize}.`);
    expectFact(hash.digest('hex') === sealedSha256, `The sealed file of ${JSON.stringify(path)} has another sha256 than the manifest says.`);
  }
}
