import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * For tests: a folder that `make` has filled, once for all test files of a run, to be copied or read from. Undefined where
 * NEURODATA_TEST_SHARED does not say where such folders go: then each test makes what it needs. `npm test` says so, with an empty one.
 */
export async function sharedFolder(name: string, make: (folder: string) => Promise<void>): Promise<string | undefined> {
  const all = process.env['NEURODATA_TEST_SHARED'];
  if (all === undefined) return undefined;
  const folder = path.join(all, name);
  if (await access(folder).then(() => true, () => false)) return folder;
  await mkdir(all, { recursive: true });
  const own = await mkdtemp(path.join(all, `.${name}-`));
  try {
    await make(own);
    await rename(own, folder);
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    // Two that come at the same time both make it, and the first one's stays.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return folder;
}
