import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { formatCanary, parseCanary } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { CanaryStore } from './worker/index.ts';

/** Canaries in a folder, one file of mode 0600 for each job: whoever reads one could spoil the test. Flushed before it is used. */
export function canaryFiles(folder: string): CanaryStore {
  return {
    save: async (canary) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = path.join(folder, `${canary.jobId}.json`);
      const handle = await open(`${file}.new`, 'w', 0o600);
      await handle.writeFile(`${formatCanary(canary)}\n`);
      await handle.sync();
      await handle.close();
      await rename(`${file}.new`, file);
    },
    find: async (jobId) => {
      try {
        return parseCanary(await readFile(path.join(folder, `${jobId}.json`), 'utf8'));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    list: async () => {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      return names.flatMap((name) => /^(0x[0-9a-f]{64})\.json$/.exec(name)?.[1] ?? []) as Hex[];
    },
    remove: (jobId) => rm(path.join(folder, `${jobId}.json`), { force: true }),
  };
}
