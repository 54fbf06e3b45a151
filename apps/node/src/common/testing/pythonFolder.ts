import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A virtual environment: its interpreter, and the folder with that and the packages' commands. */
export type PythonFolder = { python: string; bin: string };

/**
 * For tests: a Python environment with these packages ("name==version"), made once for this machine and kept; or in words why there is none: no Python, no pip, no
 * registry. Tests that make the same one at once each make their own, and the last one that is whole stays.
 */
export async function pythonFolder(packages: readonly string[]): Promise<PythonFolder | string> {
  const name = `neurodata-python-${createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 16)}`;
  const pointer = path.join(tmpdir(), name);
  const known = await readFile(pointer, 'utf8').catch(() => '');
  if (known !== '' && existsSync(inside(known).python)) return inside(known);
  // Programs in it name their interpreter by its whole path, so it stays where it was made.
  const folder = await mkdtemp(`${pointer}-`);
  try {
    const { python } = inside(folder);
    await run('python3', ['-m', 'venv', folder], { timeout: 120_000 });
    await run(python, ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--retries', '1', '--timeout', '30', ...packages], { timeout: 420_000 });
    await writeFile(`${folder}.pointer`, folder);
    await rename(`${folder}.pointer`, pointer);
    return inside(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const [why = 'unknown'] = String(error instanceof Error ? error.message : error).split('\n');
    return why.slice(0, 120);
  }
}

function inside(folder: string): PythonFolder {
  const bin = path.join(folder, 'bin');
  return { bin, python: path.join(bin, 'python3') };
}
