import { readFile } from 'node:fs/promises';
import { NeuroError } from '@neurodata/protocol';

/** A file's bytes; throws `NOT_FOUND` or `BAD_INPUT` naming it. */
export async function readBytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** What to say where the system does not read a file. */
export function unreadable(file: string, cause: unknown): NeuroError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return new NeuroError(`There is no file ${file}.`, { code: 'NOT_FOUND', remedy: 'Check the path.', cause });
  return new NeuroError(`The file ${file} cannot be read${typeof code === 'string' ? ` (${code})` : ''}.`, { code: 'BAD_INPUT', remedy: 'Check that it is a file that you may read.', cause });
}
