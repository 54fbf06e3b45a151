import type { Page } from 'playwright-core';

/** Whether nothing in the page's main part waits for something. */
const settled = (page: Page): Promise<unknown> => page.waitForFunction(() => !document.querySelector('main [aria-hidden].animate-pulse.bg-line'), undefined, { timeout: 20_000 });

/** Opens a page and waits until all of it stands, also what is loaded only when somebody scrolls to it. Says whether that came in time. */
export async function openWhole(page: Page, url: string): Promise<boolean> {
  await page.goto(url);
  await page.locator('main h1').first().waitFor();
  try {
    // What has its final size before it is there can be scrolled past; once more finds what came below it.
    for (let time = 0; time < 2; time += 1) {
      await page.evaluate(async () => {
        for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {
          scrollTo(0, top);
          await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
        }
        scrollTo(0, 0);
      });
      await settled(page);
    }
    return true;
  } catch {
    return false;
  }
}
