import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

let namespaces: boolean | undefined;

/**
 * Starts Node where strangers' bytes may do no harm; the script comes behind it. Node's permission model leaves it the
 * program's own files to read, nothing to write, no other process and no thread; where the system allows it, it stands in
 * a network namespace without any device. The kernel ends it after `cpuSeconds` of work,
 * also where nobody is left to do that: a model that never ends holds up its process, timers and all. It leaves no core file, which would hold what it
 * read. `folders`: the script's, and what else of the program it reads.
 */
export function sandboxCommand({ heapMb, cpuSeconds, folders }: { heapMb: number; cpuSeconds: number; folders: readonly string[] }): [command: string, ...words: string[]] {
  const node = [process.execPath, '--permission', ...readable(folders).map((folder) => `--allow-fs-read=${folder}`), '--no-warnings', `--max-old-space-size=${heapMb}`] as const;
  namespaces ??= process.platform === 'linux' && spawnSync('unshare', ['--user', '--net', '--map-current-user', 'true'], { stdio: 'ignore' }).status === 0;
  if (process.platform === 'win32') return [...node];
  return ['sh', '-c', `ulimit -c 0 && ulimit -t ${Math.ceil(cpuSeconds)} && exec "$0" "$@"`, ...(namespaces ? ['unshare', '--user', '--net', '--map-current-user'] : []), ...node];
}

/** The program's own files: these folders, the packages that it imports, and the modules beside them. */
function readable(folders: readonly string[]): string[] {
  const require = createRequire(import.meta.url);
  const packages = ['@neurodata/engine', '@neurodata/protocol'].map((name) => path.dirname(path.dirname(realpathSync(require.resolve(name)))));
  const modules = realpathSync(require.resolve('onnxruntime-web')).split(`${path.sep}onnxruntime-web${path.sep}`)[0] ?? '';
  return [...new Set([import.meta.dirname, ...folders, ...packages, modules])];
}
