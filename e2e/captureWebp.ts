import type { CDPSession, Page } from 'playwright-core';

export type CaptureOptions = { /** From 0 to 100. */ quality?: number; /** The whole page, not only what is in view. */ whole?: boolean };

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/** A picture of a page as WebP, encoded by the browser itself. */
export async function captureWebp(page: Page, { quality = 80, whole = false }: CaptureOptions = {}): Promise<Buffer> {
  const session = sessions.get(page) ?? page.context().newCDPSession(page);
  sessions.set(page, session);
  const devtools = await session;
  const { cssContentSize: { width, height } } = await devtools.send('Page.getLayoutMetrics');
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality, ...(whole ? { captureBeyondViewport: true, clip: { x: 0, y: 0, width, height, scale: 1 } } : {}) });
  return Buffer.from(data, 'base64');
}
