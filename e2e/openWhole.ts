import type { Page } from 'playwright-core';

/** Waits until nothing in the page's main part waits for something; above the lower edge of the screen, where `inView` says so. */
const settled = (page: Page, inView: boolean): Promise<unknown> => page.waitForFunction(
  (onlyInView) => ![...document.querySelectorAll('main [aria-hidden].animate-pulse.bg-line')].some((element) => !onlyInView || element.getBoundingClientRect().top < innerHeight),
  inView, { timeout: 20_000 },
);

/** Opens a page and waits until all of it stands, also what is loaded only when somebody scrolls to it. Says whether that came in time. */
export async function openWhole(page: Page, url: string): Promise<boolean> {
  await page.goto(url);
  await page.locator('main h1').first().waitFor();
  try {
    // Who scrolls before a page stands sees it move.
    await settled(page, true);
    // What has its final size before it is there can be scrolled past; once more finds what came below it.
    for (let time = 0; time < 2; time += 1) {
      await page.evaluate(async () => {
        for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {
          scrollTo(0, top);
          await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
        }
        scrollTo(0, 0);
      });
      await settled(page, false);
    }
    return true;
  } catch {
    return false;
  }
}
