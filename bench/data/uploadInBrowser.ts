import { readFile } from 'node:fs/promises';
import { ensureWebBuilt } from '../../apps/web/build.ts';
import { startStack } from '../../e2e/stack.ts';
import { type BareChrome, startBareChrome } from './bareChrome.ts';

const LOOK_MS = 500;
/** Without anything new for so long, it is over. */
const STILL_MS = 180_000;

/** `countedMB`: the most that page and workers held whenever the browser counted it; `residentMB`: the most memory of its own that a process of the site had, garbage included; undefined without /proc. */
export type UploadedInBrowser = { describeSeconds: number; publishSeconds: number; countedMB: number; residentMB: number | undefined };

/** Publishes a file from the site's form, on a throw-away stack. */
export async function uploadInBrowser(file: string): Promise<UploadedInBrowser> {
  const stack = await startStack({ start: { webFolder: ensureWebBuilt() } });
  const chrome = await startBareChrome();
  const over = new AbortController();
  try {
    const seller = stack.node.cast.people.find(({ name }) => name === 'publisher');
    await chrome.goto(stack.node.url);
    await reached(chrome, `location.href.startsWith('${stack.node.url}') && document.querySelector('main h1') !== null`);
    await chrome.evaluate(`localStorage.setItem('neurodata.wallet', '${seller?.account.address}')`);
    // Returns once the service worker holds the page, as it does on every later visit.
    await reached(chrome, 'navigator.serviceWorker.controller !== null');
    await chrome.goto(`${stack.node.url}/publish`);
    await reached(chrome, `document.querySelector('#file') !== null`);
    const memory = watchMemory(chrome, over.signal);
    const chosen = performance.now();
    await chrome.setFile('#file', file);
    await reached(chrome, `/ rows, 8 columns/.test(document.body.innerText)`);
    const describeSeconds = (performance.now() - chosen) / 1_000;
    await chrome.evaluate(typed('#description', 'Made to be measured.'));
    const begun = performance.now();
    await chrome.evaluate(`document.querySelector('form button[type=submit]').click()`);
    await reached(chrome, `/\\/datasets\\/\\d+$/.test(location.pathname)`);
    const publishSeconds = (performance.now() - begun) / 1_000;
    over.abort();
    return { describeSeconds, publishSeconds, ...(await memory) };
  } finally {
    over.abort();
    await chrome.stop();
    await stack.stop();
  }
}

/** Types a text so that React hears of it. */
function typed(selector: string, text: string): string {
  return `{ const field = document.querySelector('${selector}'); Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, ${JSON.stringify(text)}); field.dispatchEvent(new Event('input', { bubbles: true })); }`;
}

type Seen = { there: boolean; refused: string | undefined; progress: string };

/** Waits as long as something moves on the page: how long it takes depends on the machine and on what else it does. */
async function reached(chrome: BareChrome, condition: string): Promise<void> {
  let [last, since] = ['', performance.now()];
  for (;;) {
    const { there, refused, progress } = await chrome.evaluate<Seen>(`({ there: ${condition}, refused: document.querySelector('[role=alert]')?.innerText, progress: [...document.querySelectorAll('[role=progressbar]')].map((bar) => bar.getAttribute('aria-label')).join() })`).catch((): Seen => ({ there: false, refused: undefined, progress: '' }));
    if (there) return;
    if (refused !== undefined) throw new Error(`The page says: ${refused}`);
    if (progress !== last) [last, since] = [progress, performance.now()];
    if (performance.now() - since > STILL_MS) throw new Error(`Nothing has moved for ${STILL_MS / 1_000} s; the page says: ${progress}`);
    await pause();
  }
}

const pause = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });

async function watchMemory(chrome: BareChrome, over: AbortSignal): Promise<Pick<UploadedInBrowser, 'countedMB' | 'residentMB'>> {
  const [counted, resident] = await Promise.all([
    mostOf(over, () => chrome.evaluate<number>('performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes)')),
    mostOf(over, async () => Math.max(...(await Promise.all((await chrome.renderers()).map(residentOf))))),
  ]);
  if (counted === undefined) throw new Error('The browser does not count its memory: the page is not isolated across origins.');
  return { countedMB: counted / 1e6, residentMB: resident === undefined ? undefined : resident / 1e6 };
}

async function mostOf(over: AbortSignal, look: () => Promise<number>): Promise<number | undefined> {
  let most: number | undefined;
  while (!over.aborted) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) most = Math.max(most ?? 0, found);
    await pause();
  }
  return most;
}

/** Anonymous memory of a process, in bytes. */
async function residentOf(id: number): Promise<number> {
  const [, kibibytes] = /RssAnon:\s+(\d+)/.exec(await readFile(`/proc/${id}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1_024;
}
