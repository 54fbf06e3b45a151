import { stat } from 'node:fs/promises';
import { type DescribedTable, STREAMED_FROM_BYTES, countRunCells, profileStream, profileTable } from '@neurodata/engine';
import { createProgress } from './progress.ts';
import { readBytes, unreadable } from './readBytes.ts';
import { readPieces } from './readPieces.ts';

/** `runCells`: of CSV, cells that a spreadsheet may run, see `countRunCells`. */
export type LocalProfile = { profile: DescribedTable; runCells: number };

/** Describes a table file of any size; a large one while it is read, with progress, and not held. @throws EngineError as `profileTable` */
export async function profileLocal(file: string): Promise<LocalProfile> {
  const { size } = await stat(file).catch((cause: unknown) => { throw unreadable(file, cause); });
  if (size <= STREAMED_FROM_BYTES) return profileBytes(await readBytes(file));
  const { openTableFile, startLaneThreads } = await import('@neurodata/node/profile');
  const progress = createProgress('bytes');
  try {
    await using opened = await openTableFile(file);
    const { runCells, ...profile } = await profileStream(readPieces(file), { file: opened, startLanes: startLaneThreads, onProgress: (done) => progress.update('Describing', done, size) });
    return { profile, runCells };
  } finally {
    progress.stop();
  }
}

export async function profileBytes(bytes: Uint8Array): Promise<LocalProfile> {
  const profile = await profileTable(bytes);
  return { profile, runCells: profile.format === 'csv' ? countRunCells(bytes) : 0 };
}
