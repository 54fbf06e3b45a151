import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ensureChrome } from '../../scripts/chrome.ts';

/** A page of a browser that nobody looks into: what drives browsers for tests has them keep every request, and with it every byte that a page sends. */
export type BareChrome = {
  goto(url: string): Promise<void>;
  /** The value of an expression in the page, awaited. */
  evaluate<Value>(expression: string): Promise<Value>;
  setFile(selector: string, file: string): Promise<void>;
  /** Process ids of what shows pages and runs their workers. */
  renderers(): Promise<number[]>;
  stop(): Promise<void>;
};

type Answer = { id?: number; result?: unknown; error?: { message: string } };
type Send = <Result>(method: string, params?: object, sessionId?: string) => Promise<Result>;

const LOOK_MS = 50;
const START_MS = 30_000;

/** Starts headless Chromium with an empty profile. */
export async function startBareChrome(): Promise<BareChrome> {
  const profile = await mkdtemp(path.join(os.tmpdir(), 'neurodata-chrome-'));
  const child = spawn(await ensureChrome(), ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], { stdio: 'ignore' });
  const send = await connect(await addressOf(profile));
  const { targetInfos } = await send<{ targetInfos: { type: string; targetId: string }[] }>('Target.getTargets');
  const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId: targetInfos.find(({ type }) => type === 'page')?.targetId, flatten: true });
  return {
    goto: async (url) => void (await send('Page.navigate', { url }, sessionId)),
    evaluate: async <Value>(expression: string) => {
      const { result, exceptionDetails } = await send<{ result: { value: Value }; exceptionDetails?: { text: string; exception?: { description?: string } } }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    },
    setFile: async (selector, file) => {
      const { root } = await send<{ root: { nodeId: number } }>('DOM.getDocument', {}, sessionId);
      const { nodeId } = await send<{ nodeId: number }>('DOM.querySelector', { nodeId: root.nodeId, selector }, sessionId);
      await send('DOM.setFileInputFiles', { nodeId, files: [file] }, sessionId);
    },
    renderers: async () => (await send<{ processInfo: { id: number; type: string }[] }>('SystemInfo.getProcessInfo')).processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id),
    stop: async () => {
      await ended(child);
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Where the browser listens, which it writes into its profile. */
async function addressOf(profile: string): Promise<string> {
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    const [port, place] = (await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '')).split('\n');
    if (port && place) return `ws://127.0.0.1:${port}${place}`;
    await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
  }
  throw new Error('Chromium did not start.');
}

async function connect(url: string): Promise<Send> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as Answer;
    if (error) waiting.get(id ?? 0)?.reject(new Error(error.message));
    else waiting.get(id ?? 0)?.resolve(result);
  });
  socket.addEventListener('close', () => { for (const { reject } of waiting.values()) reject(new Error('Chromium has ended.')); });
  let last = 0;
  return <Result>(method: string, params: object = {}, sessionId?: string) => {
    last += 1;
    const asked = Promise.withResolvers<unknown>();
    waiting.set(last, asked);
    socket.send(JSON.stringify({ id: last, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    return asked.promise as Promise<Result>;
  };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => resolve());
  child.kill();
  return promise;
}
