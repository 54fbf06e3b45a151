import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { pythonFolder } from '../apps/node/src/common/testing/pythonFolder.ts';

const run = promisify(execFile);

export type PythonClients = { python: string; hf: string; versions: string };

/** The stock clients in a virtual environment that is kept between runs; or why there are none: no Python, no pip, no registry. */
export async function pythonClients(wanted: Readonly<Record<string, string>> = { huggingface_hub: '2.4.0', datasets: '5.2.0' }): Promise<PythonClients | string> {
  const folder = await pythonFolder(Object.entries(wanted).map(([name, version]) => `${name}==${version}`));
  if (typeof folder === 'string') return folder;
  const packages = Object.keys(wanted).join(', ');
  const { stdout } = await run(folder.python, ['-c', `import ${packages}; print(', '.join(f"{m.__name__} {m.__version__}" for m in (${packages},)))`], { timeout: 120_000 });
  return { python: folder.python, hf: path.join(folder.bin, 'hf'), versions: stdout.trim() };
}
