import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);

export type TestPostgres = {
  url: string;
  stop(): Promise<void>;
  /** Ends the server as a crash would, and keeps its folder. */
  crash(): Promise<void>;
  /** After a crash. */
  restart(): Promise<void>;
};

/** Nobody needs what survives a loss of power, only what survives a crash of the server. Nothing listens on a network: a socket in the server's folder is enough. */
const options = ['listen_addresses=', 'fsync=off', 'full_page_writes=off', 'max_connections=200', 'shared_buffers=64MB', 'log_min_messages=warning'];

/**
 * For tests: a PostgreSQL server of its own in a temporary folder, which is gone afterwards, also where this process is killed: the server
 * hangs on a pipe from it. PostgreSQL refuses to run as root, so root lends it another user.
 *
 * @param programs The folder of `initdb` and `postgres`; see `findPostgres`.
 * @param more Settings besides, e.g. `work_mem=32MB`.
 * @param kept Where its data lie instead, and stay: made where they are missing, taken up again by the next start.
 */
export async function startPostgres(programs: string, more: readonly string[] = [], kept?: string): Promise<TestPostgres> {
  const folder = await mkdtemp(path.join(tmpdir(), 'neurodata-pg-'));
  try {
    const user = await lentUser();
    await chmod(folder, 0o755);
    const data = kept ?? path.join(folder, 'data');
    const there = await isThere(path.join(data, 'PG_VERSION'));
    await mkdir(data, { mode: 0o700, recursive: true });
    if (user) await Promise.all([chown(folder, user.uid, user.gid), chown(data, user.uid, user.gid)]);
    const as = user ? { uid: user.uid, gid: user.gid } : {};
    if (!there) await run(path.join(programs, 'initdb'), ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--no-locale', '--no-sync', '--no-instructions'], { ...as, cwd: folder });
    const start = (): ChildProcess => guard({ program: path.join(programs, 'postgres'), args: ['-D', data, '-k', folder, ...[...options, ...more].flatMap((option) => ['-c', option])], folder, as });
    let child = start();
    const url = `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
    await answers(url, child);
    return {
      url,
      stop: async () => {
        await end(child, kept === undefined ? '' : 'properly\n');
        await rm(folder, { recursive: true, force: true });
      },
      crash: () => end(child, 'keep\n'),
      restart: async () => {
        child = start();
        await answers(url, child);
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** `read` ends with the pipe, however this process ends; then the server stops at once, and its folder goes. */
function guard(parameters: { program: string; args: string[]; folder: string; as: { uid?: number; gid?: number } }): ChildProcess {
  const { program, args, folder, as } = parameters;
  const script = 'folder=$1; shift; exec 3<&0; "$@" </dev/null & server=$!; (read how <&3; [ "$how" = keep ] && touch "$folder/keep"; [ "$how" = properly ] && signal=INT || signal=QUIT; kill -$signal $server 2>/dev/null) & wait $server; [ -f "$folder/keep" ] && rm "$folder/keep" || rm -rf "$folder" 2>/dev/null';
  return spawn('/bin/sh', ['-c', script, 'postgres-of-a-test', folder, program, ...args], { ...as, cwd: folder, stdio: ['pipe', 'ignore', 'pipe'] });
}

async function end(child: ChildProcess, how: string): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end(how);
  await ended;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { said = `${said}${text}`.slice(-4_000); });
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(50)) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      // Not yet.
    }
  }
  throw new Error(`PostgreSQL did not start: ${said}`);
}

/** Where this process is root: Debian's user for it, else whoever owns nothing. */
async function lentUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const ids = async (name: string): Promise<{ uid: number; gid: number } | undefined> => {
    const read = async (flag: string): Promise<number> => Number((await run('id', [flag, name])).stdout);
    return read('-u').then(async (uid) => ({ uid, gid: await read('-g') }), () => undefined);
  };
  const user = (await ids('postgres')) ?? (await ids('nobody'));
  if (!user) throw new Error('PostgreSQL does not run as root, and there is no other user to run it as.');
  return user;
}

/** Whether a folder is there; for tests of the clean-up. */
export const isThere = (folder: string): Promise<boolean> => stat(folder).then(() => true, () => false);
