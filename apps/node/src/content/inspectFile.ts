import { NeuroError } from '@neurodata/protocol';
import { type Content, type ContentSource, identifyContent } from '@neurodata/sdk';
import { type FileHandle, open } from 'node:fs/promises';
import type { ArchiveLimits, ArchiveReport } from './archiveLedger.ts';
import { inspectTar } from './inspectTar.ts';
import { inspectZip } from './inspectZip.ts';

export type InspectedFile = Content & { size: number; /** Of archives. */ archive?: ArchiveReport };

/**
 * What a file on disk is, by its content; archives are read to their end.
 *
 * @throws NeuroError BAD_INPUT for what is refused, NOT_FOUND
 */
export async function inspectFile(file: string, limits: ArchiveLimits = {}): Promise<InspectedFile> {
  const { content, size } = await withFile(file, async (source) => ({ content: await identifyContent(source), size: source.size }));
  if (content.kind !== 'archive') return { ...content, size };
  const archive = content.format === 'zip' ? await inspectZip(file, limits) : await inspectTar(file, { ...limits, gzip: content.format === 'gzip' });
  return { ...content, size, archive };
}

async function withFile<Value>(file: string, use: (source: ContentSource) => Promise<Value>): Promise<Value> {
  const handle = await opened(file);
  try {
    const about = await handle.stat();
    if (!about.isFile()) throw new NeuroError(`${file} is no file.`, { code: 'BAD_INPUT', remedy: 'Pack a folder as zip or tar.gz.' });
    const { size } = about;
    return await use({
      size,
      read: async (offset, length) => {
        const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
        return buffer.subarray(0, bytesRead);
      },
    });
  } finally {
    await handle.close();
  }
}

async function opened(file: string): Promise<FileHandle> {
  return open(file, 'r').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT') throw new NeuroError(`There is no file ${file}.`, { code: 'NOT_FOUND', remedy: 'Check the path.', cause });
    throw new NeuroError(`The file ${file} cannot be read${code === '' ? '' : ` (${code})`}.`, { code: 'BAD_INPUT', remedy: 'Check that it is a file that you may read.', cause });
  });
}
