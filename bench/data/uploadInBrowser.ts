import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { startBrowsing } from '../../e2e/browse.ts';

const LOOK_MS = 500;
/** Without anything new for so long, it is over. */
const STILL_MS = 180_000;

/** `countedMB`: the most that page and workers held whenever the browser counted it; `residentMB`: the most memory of its own that the page's process had, garbage included; undefined without /proc. */
export type UploadedInBrowser = { describeSeconds: number; publishSeconds: number; countedMB: number; residentMB: number | undefined };

/** Publishes a file from the site's form, on a throw-away stack. */
export async function uploadInBrowser(file: string): Promise<UploadedInBrowser> {
  const browsing = await startBrowsing();
  const { page, stack, button, connect } = browsing;
  const over = new AbortController();
  try {
    await page.goto(`${stack.node.url}/publish`);
    await connect('publisher');
    const memory = watchMemory(page, over.signal);
    const chosen = performance.now();
    await page.getByLabel('CSV with a header').setInputFiles(file);
    await reached(page, () => page.getByText(/ rows, 8 columns/).isVisible());
    const describeSeconds = (performance.now() - chosen) / 1_000;
    await page.getByRole('textbox', { name: 'Description' }).fill('Made to be measured.');
    const begun = performance.now();
    await button('Seal and publish').click();
    await reached(page, async () => /\/datasets\/\d+$/.test(page.url()));
    const publishSeconds = (performance.now() - begun) / 1_000;
    over.abort();
    return { describeSeconds, publishSeconds, ...(await memory) };
  } finally {
    over.abort();
    await browsing.stop();
  }
}

/** Waits as long as something moves on the page: how long it takes depends on the machine and on what else it does. */
async function reached(page: Page, isThere: () => Promise<boolean>): Promise<void> {
  let [seen, since] = ['', performance.now()];
  while (!(await isThere())) {
    const [refused] = await page.getByRole('alert').allTextContents();
    const [now = ''] = await page.getByRole('progressbar').evaluateAll((bars) => bars.map((bar) => `${bar.getAttribute('aria-label')} ${bar.getAttribute('aria-valuenow')} %`));
    if (refused !== undefined) throw new Error(`The page says: ${refused}`);
    if (now !== seen) [seen, since] = [now, performance.now()];
    if (performance.now() - since > STILL_MS) throw new Error(`Nothing has moved for ${STILL_MS / 1_000} s; the page says: ${seen}`);
    await page.waitForTimeout(LOOK_MS);
  }
}

async function watchMemory(page: Page, over: AbortSignal): Promise<Pick<UploadedInBrowser, 'countedMB' | 'residentMB'>> {
  const [counted, resident] = await Promise.all([
    mostOf(page, over, () => page.evaluate('performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes)') as Promise<number>),
    mostOf(page, over, () => residentOf(page)),
  ]);
  if (counted === undefined) throw new Error('The browser does not count its memory: the page is not isolated across origins.');
  return { countedMB: counted / 1e6, residentMB: resident === undefined ? undefined : resident / 1e6 };
}

async function mostOf(page: Page, over: AbortSignal, look: () => Promise<number>): Promise<number | undefined> {
  let most: number | undefined;
  while (!over.aborted) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) most = Math.max(most ?? 0, found);
    await page.waitForTimeout(LOOK_MS).catch(() => undefined);
  }
  return most;
}

/** Anonymous memory of the largest process that shows pages, in bytes. */
async function residentOf(page: Page): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const sizes = processInfo.filter(({ type }) => type === 'renderer').map(async ({ id }) => Number(/RssAnon:\s+(\d+)/.exec(await readFile(`/proc/${id}/status`, 'utf8'))?.[1]) * 1_024);
    return Math.max(...(await Promise.all(sizes)));
  } finally {
    await session.detach();
  }
}
