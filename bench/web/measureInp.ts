import type { Page } from 'playwright-core';
import type { Browsing } from '../../e2e/browse.ts';
import { middle } from './middle.ts';

const MBIT = 1_000_000 / 8;

/** What a visitor does on a page: type, press, open. */
export const interactions: Record<'discover' | 'asset', (page: Page) => Promise<void>> = {
  discover: async (page) => {
    await page.getByRole('searchbox').pressSequentially('penguin', { delay: 120 });
    await page.waitForTimeout(600);
    await page.getByRole('button', { name: 'Models', exact: true }).click();
    await page.waitForTimeout(400);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.locator('summary', { hasText: 'Filters' }).click();
    await page.waitForTimeout(400);
    await page.getByRole('button', { name: /^Theme:/ }).click();
  },
  asset: async (page) => {
    for (const name of ['Data', 'Versions', 'Runs', 'Overview']) {
      await page.getByRole('tab', { name, exact: true }).click();
      await page.waitForTimeout(500);
    }
    await page.getByRole('button', { name: 'Buy', exact: true }).filter({ visible: true }).first().click();
    await page.waitForTimeout(800);
    await page.keyboard.press('Escape');
  },
};

/** Interaction to next paint, milliseconds: the slowest of a visit's interactions on a mid-range phone, as the browser measures it; the median of several visits. */
export async function measureInp(parameters: { browsing: Browsing; url: string; act: (page: Page) => Promise<void>; runs: number }): Promise<number> {
  const { browsing, url, act, runs } = parameters;
  const slowest: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const context = await browsing.page.context().browser()!.newContext({ viewport: { width: 412, height: 823 }, hasTouch: true, isMobile: true });
    try {
      const page = await context.newPage();
      await page.addInitScript(observe);
      const session = await context.newCDPSession(page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
      await session.send('Network.enable');
      await session.send('Network.emulateNetworkConditions', { offline: false, latency: 40, downloadThroughput: 10 * MBIT, uploadThroughput: 10 * MBIT });
      await page.goto(url);
      await page.getByRole('list', { name: 'Assets' }).or(page.getByRole('tablist').first()).first().waitFor();
      await act(page);
      // Entries come a moment after the paint that they tell of.
      await page.waitForTimeout(1_000);
      slowest.push(await page.evaluate(() => Math.max(0, ...(globalThis as unknown as { waits: Map<number, number> }).waits.values())));
    } finally {
      await context.close();
    }
  }
  return middle(slowest);
}

/** Runs in the page: the longest event of each interaction. */
function observe(): void {
  const waits = new Map<number, number>();
  (globalThis as unknown as { waits: typeof waits }).waits = waits;
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries() as (PerformanceEntry & { interactionId: number })[]) {
      if (interactionId > 0) waits.set(interactionId, Math.max(waits.get(interactionId) ?? 0, duration));
    }
  }).observe({ type: 'event', buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
}
