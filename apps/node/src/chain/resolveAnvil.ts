import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(() => true, () => false);
}

/** The anvil of the npm package for this platform, if it is installed. */
async function findPackaged(): Promise<string | undefined> {
  const name = `@foundry-rs/anvil-${process.platform}-${architectures[process.arch] ?? process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const file = path.join(path.dirname(manifest), 'bin', 'anvil');
    return (await isExecutable(file)) ? file : undefined;
  } catch {
    return undefined;
  }
}

async function findOnPath(): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    if (folder === '') continue;
    const file = path.join(folder, process.platform === 'win32' ? 'anvil.exe' : 'anvil');
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

/**
 * Finds the `anvil` program: the npm package for this platform first (its version is pinned), else one on PATH.
 *
 * @throws NeuroError NOT_READY when there is none, with what to install.
 */
export async function resolveAnvil(): Promise<string> {
  const found = (await findPackaged()) ?? (await findOnPath());
  if (found !== undefined) return found;
  throw new NeuroError(`There is no anvil for ${process.platform}-${process.arch}, so the embedded chain cannot run.`, {
    code: 'NOT_READY',
    remedy: 'Run `npm ci` with optional dependencies, install Foundry (https://getfoundry.sh), or configure the RPC of a public chain.',
  });
}
