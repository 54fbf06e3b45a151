import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NeuroError } from '@neurodata/protocol';
import { type JsonRpcResponse, RpcFailure } from './jsonRpc.ts';
import { killStamped, processStamp } from './processStamp.ts';

/** Thrown when the anvil process went away under a call; the call may or may not have taken effect. */
export class AnvilGone extends Error {
  override readonly name = 'AnvilGone';
}

export type Anvil = {
  pid: number;
  /** Calls one RPC method, any of them. Throws RpcFailure for an error answer, AnvilGone when the process is gone. */
  call: (method: string, params?: readonly unknown[]) => Promise<unknown>;
  /** Resolves when the process has ended, for whatever reason. */
  exited: Promise<void>;
  kill: () => Promise<void>;
};

export type AnvilParameters = {
  binary: string;
  /** Where the pid file, anvil's own cache and its output go. */
  folder: string;
  chainId: number;
  accounts: number;
  /** Unix seconds of the genesis block. */
  genesisTimestamp: number;
  /** State of later blocks to start from: the JSON of `anvil_dumpState`. */
  loadState?: string | undefined;
};

/** Blocks whose state can be asked for (`eth_call` in the past). anvil keeps a whole copy of the state for each. */
export const keptStates = 64;
/** Gas that the transactions of one block may use together. */
export const blockGas = 30_000_000;
const callTimeoutMs = 120_000;

const cacheFolder = (folder: string): string => path.join(folder, 'anvil-cache');
const pidFile = (folder: string): string => path.join(folder, 'anvil.pid');

async function findFreePort(host: string): Promise<number | undefined> {
  const server = createServer();
  const port = await new Promise<number | undefined>((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : undefined);
    });
  });
  await new Promise<void>((resolve) => { server.close(() => resolve()); });
  return port;
}

/**
 * anvil obeys whoever reaches its port. Where all of 127.0.0.0/8 is local (Linux), a random address in it is out of the
 * reach of a web page that tries the ports of 127.0.0.1.
 */
async function chooseAddress(): Promise<{ host: string; port: number }> {
  const [a, b, c] = randomBytes(3);
  const random = `127.${a ?? 0}.${b ?? 0}.${1 + ((c ?? 0) % 254)}`;
  const hosts = process.platform === 'linux' ? [random, '127.0.0.1'] : ['127.0.0.1'];
  for (const host of hosts) {
    const port = await findFreePort(host);
    if (port !== undefined) return { host, port };
  }
  throw new NeuroError('No free local port for the embedded chain.', { code: 'NOT_READY', remedy: 'Allow this process to listen on 127.0.0.1.' });
}

function anvilArguments(parameters: AnvilParameters, address: { host: string; port: number }): string[] {
  const { folder, chainId, accounts, genesisTimestamp, loadState } = parameters;
  return [
    '--quiet', '--no-mining', '--order', 'fifo', '--slots-in-an-epoch', '1', '--hardfork', 'cancun', '--no-cors',
    '--host', address.host, '--port', String(address.port), '--chain-id', String(chainId), '--accounts', String(accounts),
    '--gas-limit', String(blockGas), '--timestamp', String(genesisTimestamp), '--prune-history', String(keptStates),
    '--cache-path', cacheFolder(folder), '--no-request-size-limit', ...(loadState === undefined ? [] : ['--load-state', loadState]),
  ];
}

/** A shell that ends anvil when the pipe from this process closes, that is also when this process is killed. */
function startWatchdog(pid: number): { stop: () => void } {
  const watchdog = spawn('sh', ['-c', 'cat >/dev/null; kill -9 "$0" 2>/dev/null', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watchdog.on('error', () => undefined);
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  // The pipe must not keep this process alive; its type does not show that it is a socket.
  if ('unref' in watchdog.stdin && typeof watchdog.stdin.unref === 'function') watchdog.stdin.unref();
  return { stop: () => { watchdog.kill('SIGKILL'); watchdog.stdin.destroy(); } };
}

/** Ends the anvil that an earlier process left in this folder, if it still runs. Only the owner of the folder may call it. */
export async function endLeftoverAnvil(folder: string): Promise<boolean> {
  const text = await readFile(pidFile(folder), 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  let killed = false;
  try {
    const { pid, stamp } = JSON.parse(text) as { pid: number; stamp: string };
    killed = await killStamped(pid, stamp);
  } catch {
    // A torn pid file names nobody.
  }
  await rm(pidFile(folder), { force: true });
  return killed;
}

function createCaller(url: string, hasExited: () => boolean): Anvil['call'] {
  let id = 0;
  return async (method, params = []) => {
    if (hasExited()) throw new AnvilGone(`anvil is gone before ${method}`);
    let answer: JsonRpcResponse;
    try {
      const response = await fetch(url, {
        method: 'POST', headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(callTimeoutMs),
        body: JSON.stringify({ jsonrpc: '2.0', id: (id += 1), method, params }),
      });
      answer = (await response.json()) as JsonRpcResponse;
    } catch (cause) {
      throw new AnvilGone(`anvil did not answer ${method}`, { cause });
    }
    if ('error' in answer) throw new RpcFailure(answer.error);
    return answer.result;
  };
}

async function waitUntilReady(anvil: Anvil, hasExited: () => boolean): Promise<boolean> {
  const until = Date.now() + 60_000;
  while (Date.now() < until && !hasExited()) {
    const ready = await anvil.call('eth_chainId').then(() => true, () => false);
    if (ready) return true;
    await sleep(20);
  }
  return false;
}

function collectErrors(child: ChildProcess): () => string {
  let text = '';
  const keep = (chunk: Buffer): void => { text = (text + chunk.toString('utf8')).slice(-2_000); };
  child.stderr?.on('data', keep);
  child.stdout?.on('data', keep);
  return () => text.trim();
}

async function spawnAnvil(parameters: AnvilParameters): Promise<Anvil | { failed: string }> {
  const { binary, folder } = parameters;
  const address = await chooseAddress();
  await rm(cacheFolder(folder), { recursive: true, force: true });
  // A process group of its own: Ctrl-C is for this process, which then stops anvil in order.
  const child = spawn(binary, anvilArguments(parameters, address), { stdio: ['ignore', 'pipe', 'pipe'], detached: true, cwd: folder });
  const errors = collectErrors(child);
  let gone = false;
  const exited = new Promise<void>((resolve) => {
    const end = (): void => { gone = true; resolve(); };
    child.once('error', end);
    child.once('exit', end);
  });
  const { pid } = child;
  if (pid === undefined) {
    await exited;
    return { failed: `${binary} cannot be run` };
  }
  const watchdog = startWatchdog(pid);
  void exited.then(() => watchdog.stop());
  await writeFile(pidFile(folder), JSON.stringify({ pid, stamp: await processStamp(pid) }));
  const kill = async (): Promise<void> => {
    if (!gone) child.kill('SIGKILL');
    await exited;
    await rm(pidFile(folder), { force: true });
  };
  const anvil: Anvil = { pid, call: createCaller(`http://${address.host}:${address.port}`, () => gone), exited, kill };
  if (await waitUntilReady(anvil, () => gone)) return anvil;
  await kill();
  return { failed: errors() || 'it ended without a word' };
}

/**
 * Starts anvil as a child of this process, mining nothing by itself. Its port may be taken by another process between
 * choosing and binding it, so it tries again.
 *
 * @throws NeuroError NOT_READY with anvil's own words when it does not come up.
 */
export async function startAnvil(parameters: AnvilParameters): Promise<Anvil> {
  let failed = '';
  for (let tries = 0; tries < 3; tries += 1) {
    const result = await spawnAnvil(parameters);
    if (!('failed' in result)) return result;
    ({ failed } = result);
  }
  throw new NeuroError(`anvil does not start: ${failed}.`, { code: 'NOT_READY', remedy: `Try ${parameters.binary} --version by hand.` });
}
