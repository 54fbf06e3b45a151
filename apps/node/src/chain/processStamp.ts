import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A text that names one process for good: process ids are reused, an id with its start time (and boot, on Linux) is not.
 * Undefined when no such process runs.
 */
export async function processStamp(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    try {
      const [boot, stat] = await Promise.all([readFile('/proc/sys/kernel/random/boot_id', 'utf8'), readFile(`/proc/${pid}/stat`, 'utf8')]);
      // The name in the second field may hold spaces and brackets: count from the last bracket. State is field 3, start 22.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
      return `${boot.trim()}:${pid}:${fields[19]}`;
    } catch {
      return undefined;
    }
  }
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() === '' ? undefined : `${pid}:${stdout.trim()}`;
  } catch {
    return undefined;
  }
}

/** Ends the process with SIGKILL if it is still the one that the stamp names; waits until it is gone. True if it was. */
export async function killStamped(pid: number, stamp: string): Promise<boolean> {
  if ((await processStamp(pid)) !== stamp) return false;
  process.kill(pid, 'SIGKILL');
  for (let tries = 0; tries < 250 && (await processStamp(pid)) === stamp; tries += 1) await sleep(20);
  return true;
}
