import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** `api` and `bare` are base URLs; `assetPath` is what both answer with the same bytes. */
export type BenchServer = { api: string; bare: string; assetPath: string; stop(): Promise<void> };

/** Starts `serveBench.ts`, so that whoever asks takes none of the server's thread. */
export async function startBenchServer(parameters: { assets: number }): Promise<BenchServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serveBench.ts'), String(parameters.assets)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = async (): Promise<void> => {
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
  };
  const ended = once(child, 'close').then(() => { throw new Error('the server of the bench ended before it listened.'); });
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string];
  ended.catch(() => undefined);
  return { ...(JSON.parse(line) as { api: string; bare: string; assetPath: string }), stop };
}
