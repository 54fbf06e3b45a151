import type { ChildProcess } from 'node:child_process';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const VERSION = 'v0.41.0';
const kept = path.join(os.tmpdir(), 'neurodata-kubo');

export type Kubo = {
  /** Of its RPC and its gateway. */
  rpc: string;
  gateway: string;
  /** Where it listens for libp2p, with its peer id; none where it is offline. */
  addresses: string[];
  /** Imports bytes as it does by itself (CIDv1), and gives their CID. */
  add(bytes: Uint8Array): Promise<string>;
  /** Runs `ipfs` with these words against it. */
  ipfs(...words: string[]): Promise<string>;
  stop(): Promise<void>;
};

/** The kubo that `NEURODATA_KUBO` names, one on PATH, or one that was built before into a folder of this machine's; undefined with what to run printed. */
export function findKubo(): string | undefined {
  for (const program of [process.env['NEURODATA_KUBO'], 'ipfs', path.join(kept, 'ipfs')]) {
    try {
      if (program !== undefined && execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).startsWith('ipfs version')) return program;
    } catch {
      // The next one.
    }
  }
  console.info(`there is no kubo, so the tests with a real one did not run: GOBIN=${kept} go install github.com/ipfs/kubo/cmd/ipfs@${VERSION} (some minutes, once), or set NEURODATA_KUBO`);
  return undefined;
}

/** A kubo of its own in a temporary folder that knows nobody and listens on loopback; `online` with its swarm, `settings` are more of its configuration. */
export async function startKubo(program: string, { online = false, settings = {} }: { online?: boolean; settings?: Record<string, unknown> } = {}): Promise<Kubo> {
  const repo = mkdtempSync(path.join(os.tmpdir(), 'kubo-'));
  const env = { ...process.env, IPFS_PATH: repo };
  execFileSync(program, ['init', '--profile', 'test', '--empty-repo'], { env, stdio: 'ignore' });
  const alone = { 'Addresses.API': '/ip4/127.0.0.1/tcp/0', 'Addresses.Gateway': '/ip4/127.0.0.1/tcp/0', 'Addresses.Swarm': ['/ip4/127.0.0.1/tcp/0'], 'Routing.Type': 'none' };
  for (const [key, value] of Object.entries({ ...alone, ...settings })) execFileSync(program, ['config', '--json', key, JSON.stringify(value)], { env });
  const daemon = spawn(program, ['daemon', ...(online ? [] : ['--offline'])], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await readUntilReady(daemon);
  const port = (what: RegExp): string => `http://127.0.0.1:${what.exec(said)?.[1] ?? ''}`;
  const ipfs = async (...words: string[]): Promise<string> => (await promisify(execFile)(program, words, { env, timeout: 60_000 })).stdout;
  return {
    rpc: port(/RPC API server listening on \/ip4\/127\.0\.0\.1\/tcp\/(\d+)/),
    gateway: port(/Gateway server listening on \/ip4\/127\.0\.0\.1\/tcp\/(\d+)/),
    addresses: online ? (JSON.parse(await ipfs('id')) as { Addresses: string[] }).Addresses : [],
    add: async (bytes) => {
      const file = path.join(repo, `content-${randomUUID()}`);
      writeFileSync(file, bytes);
      return (await ipfs('add', '--quieter', '--cid-version=1', file)).trim();
    },
    ipfs,
    stop: async () => {
      if (daemon.exitCode === null) {
        const ended = new Promise((resolve) => daemon.once('exit', resolve));
        daemon.kill('SIGTERM');
        await ended;
      }
      rmSync(repo, { recursive: true, force: true });
    },
  };
}

function readUntilReady(daemon: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    daemon.once('exit', () => reject(new Error(`kubo ended: ${said}`)));
    daemon.stdout?.on('data', (piece: Buffer) => {
      said += piece.toString();
      if (said.includes('Daemon is ready')) resolve(said);
    });
  });
}
