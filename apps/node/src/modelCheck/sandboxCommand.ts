import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

let namespaces: boolean | undefined;

/**
 * Starts Node where strangers' bytes may do no harm; the script comes behind it. Node's permission model leaves it the
 * program's own files to read, nothing to write, no other process and no thread; where the system allows it, it stands in
 * a network namespace without any device. The heap has half of `memoryMb`. The kernel ends it after `cpuSeconds` of work,
 * also where nobody is left to do that: a model that never ends holds up its process, timers and all.
 */
export function sandboxCommand({ memoryMb, cpuSeconds }: { memoryMb: number; cpuSeconds: number }): [command: string, ...words: string[]] {
  const node = [process.execPath, '--permission', ...readable().map((folder) => `--allow-fs-read=${folder}`), '--no-warnings', `--max-old-space-size=${Math.ceil(memoryMb / 2)}`] as const;
  namespaces ??= process.platform === 'linux' && spawnSync('unshare', ['--user', '--net', '--map-current-user', 'true'], { stdio: 'ignore' }).status === 0;
  if (process.platform === 'win32') return [...node];
  return ['sh', '-c', `ulimit -t ${Math.ceil(cpuSeconds)} && exec "$0" "$@"`, ...(namespaces ? ['unshare', '--user', '--net', '--map-current-user'] : []), ...node];
}

/** The program's own files: this folder, the packages that it imports, and the modules beside them. */
function readable(): string[] {
  const require = createRequire(import.meta.url);
  const packages = ['@neurodata/engine', '@neurodata/protocol'].map((name) => path.dirname(path.dirname(realpathSync(require.resolve(name)))));
  const modules = realpathSync(require.resolve('onnxruntime-web')).split(`${path.sep}onnxruntime-web${path.sep}`)[0] ?? '';
  return [...new Set([import.meta.dirname, ...packages, modules])];
}
