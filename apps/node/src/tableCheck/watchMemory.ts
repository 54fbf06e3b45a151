import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';

const EVERY_MS = 50;
const PAGE_BYTES = 4_096;

/**
 * Ends a process that takes more memory than it may. V8's own limit leaves out buffers, which decompression fills. On systems without /proc that limit alone
 * remains.
 */
export function watchMemory(child: ChildProcess, memoryMb: number): { outgrown(): boolean; stop(): void } {
  let outgrown = false;
  const look = async (): Promise<void> => {
    const resident = Number((await readFile(`/proc/${child.pid}/statm`, 'utf8')).split(' ')[1]) * PAGE_BYTES;
    if (child.exitCode !== null || resident <= memoryMb * 2 ** 20) return;
    outgrown = true;
    child.kill('SIGKILL');
  };
  // It has ended, or there is no /proc.
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS);
  timer.unref();
  return { outgrown: () => outgrown, stop: () => clearInterval(timer) };
}
