import { createServer } from 'node:http';
import path from 'node:path';
import { build } from 'vite';
import { launchChrome } from '../../e2e/browse.ts';

const ROUNDS = 3;
const MEBIBYTES = 48;

/** How many times as fast as npm's `age-encryption` we seal a stream in the same Chromium: the best of a few rounds in turns. */
export async function sealingInBrowser(): Promise<number> {
  const script = await pageScript();
  const server = createServer((request, response) => {
    if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script);
    else response.setHeader('content-type', 'text/html').end('<!doctype html><title>sealing</title><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  const browser = await launchChrome();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`);
    await page.waitForFunction('globalThis.theirs !== undefined');
    const time = (name: 'ours' | 'theirs', size: number): Promise<number> => page.evaluate(`${name}(${size})`);
    const least = { ours: Infinity, theirs: Infinity };
    for (const name of ['ours', 'theirs'] as const) await time(name, 4);
    for (let round = 0; round < ROUNDS; round += 1) for (const name of ['ours', 'theirs'] as const) least[name] = Math.min(least[name], await time(name, MEBIBYTES));
    const speed = (ms: number): number => Math.round((MEBIBYTES * 2 ** 20) / 1e3 / ms);
    console.log(`browser: ours ${speed(least.ours)} MB/s, age-encryption ${speed(least.theirs)} MB/s`);
    return least.theirs / least.ours;
  } finally {
    await browser.close();
    server.close();
  }
}

async function pageScript(): Promise<string> {
  const built = await build({ configFile: false, root: import.meta.dirname, logLevel: 'error', build: { write: false, minify: true, target: 'esnext', rollupOptions: { input: path.join(import.meta.dirname, 'page.ts'), output: { codeSplitting: false } } } });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as [{ output: { type: string; code?: string }[] }];
  return output.find(({ type }) => type === 'chunk')?.code ?? '';
}
