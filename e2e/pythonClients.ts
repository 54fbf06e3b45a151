import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type PythonClients = { python: string; hf: string; versions: string };

/**
 * The stock clients in a virtual environment that is kept between runs; or why there are none: no Python, no pip, no registry. Made once: a file marks one that is
 * whole.
 */
export async function pythonClients(wanted: Readonly<Record<string, string>> = { huggingface_hub: '2.4.0', datasets: '5.2.0' }): Promise<PythonClients | string> {
  const folder = path.join(os.tmpdir(), 'neurodata-python-clients');
  const bin = path.join(folder, 'bin');
  const packages = Object.keys(wanted);
  const pinned = Object.entries(wanted).map(([name, version]) => `${name}==${version}`);
  const ready = path.join(folder, `${pinned.join('-')}.ready`);
  try {
    if (!existsSync(ready)) {
      await mkdir(folder, { recursive: true });
      await run('python3', ['-m', 'venv', folder], { timeout: 120_000 });
      await run(path.join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '30', ...pinned], { timeout: 420_000 });
      await writeFile(ready, '');
    }
    const { stdout } = await run(path.join(bin, 'python3'), ['-c', `import ${packages.join(', ')}; print(', '.join(f"{m.__name__} {m.__version__}" for m in (${packages.join(', ')},)))`], { timeout: 120_000 });
    return { python: path.join(bin, 'python3'), hf: path.join(bin, 'hf'), versions: stdout.trim() };
  } catch (error) {
    const [why = 'unknown'] = String(error instanceof Error ? error.message : error).split('\n');
    return why.slice(0, 120);
  }
}
