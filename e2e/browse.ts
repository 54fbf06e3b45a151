import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { ensureWebBuilt } from '../apps/web/build.ts';
import { ensureChrome } from '../scripts/chrome.ts';
import { startStack } from './stack.ts';
import type { Stack, StackOptions } from './stack.ts';

/** Where pictures go; nobody looks at those of an ordinary run, and each takes a second. */
const folder = process.env['NEURODATA_SCREENSHOTS'];

/** A stack with its site open in a real browser. */
export type Browsing = {
  stack: Stack;
  page: Page;
  /** What the page has put on its console as errors since the last call. */
  takeErrors(): string[];
  button(name: string | RegExp): Locator;
  /** The badge of an order's or a run's state. */
  state(noun: 'order' | 'run', value: string): Locator;
  /** Writes a picture of what is in view, where NEURODATA_SCREENSHOTS says. */
  shot(name: string): Promise<void>;
  /** Shows the page in both themes, narrow and wide, and takes a picture of each, named `name-width-theme`. Leaves the page light and wide. */
  shots(name: string): Promise<void>;
  /** Chooses a demo wallet. */
  connect(name: string): Promise<void>;
  stop(): Promise<void>;
};

export type LaunchOptions = {
  /** Where the browser listens for those who drive it besides. */
  debugPort?: number;
};

/** Headless Chromium that asks nobody outside this machine. */
export async function launchChrome({ debugPort }: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: await ensureChrome(),
    // Under no locale, as on a bare machine, Chromium's pages crash over a file whose name is not ASCII.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...(debugPort === undefined ? [] : [`--remote-debugging-port=${debugPort}`])],
  });
}

/** Resolves once the page stands as it was last told to. */
export async function painted(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
}

/** Starts a stack with the built site and opens it in headless Chromium. */
export async function startBrowsing(options: StackOptions = {}, launch: LaunchOptions = {}): Promise<Browsing> {
  if (folder) await mkdir(folder, { recursive: true });
  const stack = await startStack({ ...options, start: { ...options.start, webFolder: ensureWebBuilt() } });
  const browser = await launchChrome(launch);
  // A context of its own, so that tests may open more tabs.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors: string[] = [];
  page.on('console', (message) => { if (message.type() === 'error') errors.push(`${page.url()}: ${message.text()}`); });
  page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`));
  const button = (name: string | RegExp): Locator => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) });
  const shot = async (name: string): Promise<void> => {
    if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`) });
  };
  const set = async (colorScheme: 'light' | 'dark', width: number): Promise<void> => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    // Colours and sheets move for a moment.
    if (folder) await page.waitForTimeout(300);
    else await painted(page);
  };
  return {
    stack, page, button, shot,
    takeErrors: () => errors.splice(0),
    state: (noun, value) => page.locator(`[data-testid=${noun}-state][data-state=${value}]`).first(),
    shots: async (name) => {
      for (const [colorScheme, width] of [['light', 360], ['dark', 360], ['dark', 1440], ['light', 1440]] as const) {
        await set(colorScheme, width);
        await shot(`${name}-${width}-${colorScheme}`);
      }
    },
    connect: async (name) => {
      await button(/^(Choose a wallet|Wallet: )/).first().click();
      await page.getByRole('dialog').getByRole('button', { name: new RegExp(`^${name}`) }).click();
      await button(new RegExp(`^Wallet: ${name}`)).waitFor();
    },
    stop: async () => {
      await browser.close();
      await stack.stop();
    },
  };
}
