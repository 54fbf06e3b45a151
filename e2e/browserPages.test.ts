import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeViolations } from './axeViolations.ts';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { openWhole } from './openWhole.ts';
import { fillPages } from './pages.ts';

/**
 * Every page with something on it: none wider than the screen, none that complains, one heading each, a name for everything that
 * can be pressed or filled in, text that stands out, nothing that axe finds, in both themes. `npm run screenshots` makes pictures of them.
 */

const minute = 60_000;
const widths = [1440, 360];
let browsing: Browsing;
let pages: [name: string, path: string][];

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
  pages = await fillPages(browsing.stack);
}, 6 * minute);

afterAll(() => browsing?.stop());

/** What is wrong with the page as it stands, by the name of the rule. Runs in the page. */
function lookOver(): string[] {
  const wrong: string[] = [];
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) {
    const sticking = [...document.querySelectorAll('main *, header *, footer *')].filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('[class*=overflow-x-auto], [class*=overflow-auto], pre, .sr-only'));
    wrong.push(`${wide} px wider than the screen: ${sticking.slice(0, 3).map((element) => `${element.tagName.toLowerCase()} "${element.textContent.slice(0, 40)}"`).join(', ')}`);
  }
  const headings = document.querySelectorAll('h1').length;
  if (headings !== 1) wrong.push(`${headings} main headings`);
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  if (twice.length > 0) wrong.push(`ids twice: ${twice.slice(0, 3).join(', ')}`);
  for (const element of document.querySelectorAll<HTMLElement>('button, a[href], input:not([type=hidden]), select, textarea')) {
    const labels = element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement ? [...(element.labels ?? [])].map(({ textContent }) => textContent).join('') : element.textContent;
    if (!(element.getAttribute('aria-label') ?? element.getAttribute('aria-labelledby') ?? element.title) && !labels?.trim()) wrong.push(`without a name: ${element.outerHTML.slice(0, 80)}`);
  }
  for (const image of document.querySelectorAll('img:not([alt])')) wrong.push(`picture without a text: ${image.outerHTML.slice(0, 80)}`);
  return wrong;
}

/** Texts whose colour stands out too little from what lies behind them (WCAG 2.2, 1.4.3). Runs in the page. */
function faintTexts(): string[] {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return ['no canvas'];
  type Colour = [number, number, number, number];
  const read = (colour: string): Colour => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = ([r, g, b, a]: Colour, [r2, g2, b2]: Colour): Colour => [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a), 1];
  const behind = (element: Element | null): Colour => {
    if (!element) return read(getComputedStyle(document.body).backgroundColor);
    const own = read(getComputedStyle(element).backgroundColor);
    return own[3] >= 0.999 ? own : over(own, behind(element.parentElement));
  };
  const light = ([r, g, b]: Colour): number => {
    const [red = 0, green = 0, blue = 0] = [r, g, b].map((value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const faint = new Set<string>();
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    // What cannot be used, or is not there for eyes, is free of the rule.
    if (!own || element.closest('[aria-hidden=true], .sr-only, :disabled, svg') || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    const back = behind(element);
    const [a, b] = [light(over(read(style.color), back)), light(back)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = Number.parseFloat(style.fontSize) >= 24 || (Number.parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) faint.add(`${ratio.toFixed(2)} to 1: "${element.textContent.trim().slice(0, 30)}" (${style.color} on ${back.map(Math.round).join(' ')})`);
  }
  return [...faint].slice(0, 5);
}

type Shifts = { shift: number; moved: string[] };

/** Notes what moves under who reads. Runs in the page, before anything else does. */
function watchShifts(): void {
  const seen: Shifts = { shift: 0, moved: [] };
  (globalThis as unknown as { seen: Shifts }).seen = seen;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node?: Element | null; previousRect: DOMRect; currentRect: DOMRect }[] })[]) {
      if (entry.hadRecentInput) continue;
      seen.shift += entry.value;
      const [source] = entry.sources;
      seen.moved.push(`${entry.value.toFixed(4)} ${source?.node?.nodeName ?? ''} ${(source?.node?.textContent ?? '').slice(0, 30)} from ${Math.round(source?.previousRect.y ?? 0)} to ${Math.round(source?.currentRect.y ?? 0)}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

test('no page is wider than its screen, complains, is too faint, or leaves something without a name', async () => {
  const { stack, page, connect, takeErrors } = browsing;
  await page.goto(stack.node.url);
  await connect('alice');
  await page.addInitScript(watchShifts);
  const wrong: string[] = [];
  const shifts: Record<string, Shifts> = {};
  for (const [name, address] of pages) {
    await page.setViewportSize({ width: 1440, height: 900 });
    if (!(await openWhole(page, `${stack.node.url}${address}`))) wrong.push(`${name}: still loading after 20 s`);
    shifts[name] = await page.evaluate(() => (globalThis as unknown as { seen: Shifts }).seen);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      wrong.push(...[...(await page.evaluate(faintTexts)), ...(await axeViolations(page))].map((what) => `${name}, ${colorScheme}: ${what}`));
    }
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(60);
      wrong.push(...(await page.evaluate(lookOver)).map((what) => `${name} at ${width}: ${what}`));
    }
    wrong.push(...takeErrors());
  }
  // Nothing moves under who reads. Where charts and results come in one after the other, slow machines paint in more steps, so those pages have more room.
  const most = (name: string): number => (/^(discover|asset)/.test(name) ? 0.02 : 0.1);
  wrong.push(...Object.entries(shifts).filter(([name, { shift }]) => shift > most(name)).map(([name, { shift, moved }]) => `${name}: layout shift ${shift.toFixed(3)}: ${moved.join('; ')}`));
  expect(wrong).toEqual([]);
}, 10 * minute);

test('a run’s page stands still however late what draws its charts comes', async () => {
  const { stack, page } = browsing;
  const [, address] = pages.find(([name]) => name === 'run')!;
  const alice = stack.node.cast.people.find(({ name }) => name === 'alice')!.account.address;
  for (const width of [1440, 360]) {
    // What a service worker fetches cannot be held back.
    const context = await page.context().browser()!.newContext({ viewport: { width, height: 900 }, serviceWorkers: 'block' });
    const visitor = await context.newPage();
    await visitor.addInitScript(watchShifts);
    await visitor.addInitScript((address) => localStorage.setItem('neurodata.wallet', address), alice);
    const held = Promise.withResolvers<void>();
    await visitor.route(/plotLibrary-[^/]*\.js$/, async (route) => { await held.promise; await route.continue(); });
    await visitor.goto(`${stack.node.url}${address}`);
    for (const name of ['Results', 'What the model looks at', 'Receipt']) await visitor.getByRole('region', { name, exact: true }).waitFor();
    await visitor.evaluate(() => document.fonts.ready);
    await visitor.waitForTimeout(500);
    const stand = () => visitor.evaluate(() => ({ charts: document.querySelectorAll('main svg.chart').length, sections: [...document.querySelectorAll('main section')].map((section) => `${section.getAttribute('aria-label')} ${Math.round(section.getBoundingClientRect().top + scrollY)}`) }));
    const before = await stand();
    expect(before.charts).toBe(0);
    // Also for who reads further down.
    await visitor.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
    held.resolve();
    await expect.poll(async () => (await stand()).charts, { timeout: 20_000 }).toBeGreaterThan(1);
    await visitor.waitForTimeout(300);
    const { shift, moved } = await visitor.evaluate(() => (globalThis as unknown as { seen: Shifts }).seen);
    expect({ width, sections: (await stand()).sections }).toEqual({ width, sections: before.sections });
    expect({ width, moved, still: shift < 0.005 }).toMatchObject({ still: true });
    await context.close();
  }
}, 2 * minute);

test('on a phone a table shows what can be done with a row, or how it stands, without scrolling sideways', async () => {
  const { stack, page } = browsing;
  await page.setViewportSize({ width: 360, height: 800 });
  const shown: [address: string, seen: Locator][] = [
    ['/train', page.getByRole('link', { name: 'Train on Palmer Penguins' })], ['/orders', page.getByTestId('order-state')], ['/runs', page.getByTestId('run-state')],
    ['/library', page.getByRole('link', { name: 'Open and download' })], ['/library', page.getByRole('link', { name: 'Check it' })],
  ];
  for (const [address, seen] of shown) {
    await page.goto(`${stack.node.url}${address}`);
    await seen.first().waitFor();
    // Beyond the table's edge it would be cut, though the screen goes on.
    const cut = await seen.first().evaluate((element) => element.getBoundingClientRect().right - element.closest('[role=region]')!.getBoundingClientRect().right);
    expect({ address, cut: Math.max(0, cut) }).toEqual({ address, cut: 0 });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}, minute);

test('an order’s one next action stays at the bottom edge of a phone', async () => {
  const { stack, page } = browsing;
  const [, address] = pages.find(([name]) => name === 'order')!;
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(`${stack.node.url}${address}`);
  const bar = page.locator('[data-bottom-bar]');
  await bar.getByRole('button', { name: 'Unseal and download' }).waitFor();
  expect([await bar.count(), await bar.evaluate((element) => Math.round(innerHeight - element.getBoundingClientRect().bottom))]).toEqual([1, 0]);
  await browsing.shots('order-next');
  await page.setViewportSize({ width: 1440, height: 900 });
}, minute);

test('names and units stand where ids and base units are written on chain', async () => {
  const { stack, page } = browsing;
  const open = (name: string) => openWhole(page, `${stack.node.url}${pages.find(([known]) => known === name)![1]}`);
  await open('explorer-transaction');
  expect(await page.getByRole('region', { name: 'Call', exact: true }).innerText()).toMatch(/maxPrice\s+[\d.,]+ NCR/);
  expect(await page.getByRole('region', { name: 'What happened' }).innerText()).toMatch(/price\s+[\d.,]+ NCR/);
  await open('validator');
  await page.getByRole('link', { name: 'Version 1 of “Palmer Penguins”' }).first().waitFor();
  await open('asset');
  expect(await page.getByText('May be trained:').first().innerText()).toContain('Decision tree');
  expect(browsing.takeErrors()).toEqual([]);
}, minute);

test('front page and asset page show themselves with at most 150 kB of compressed script', async () => {
  const { stack, page } = browsing;
  for (const address of ['/', '/datasets/1']) {
    const context = await page.context().browser()!.newContext({ viewport: { width: 412, height: 823 } });
    const visitor = await context.newPage();
    await visitor.goto(`${stack.node.url}${address}`);
    await visitor.locator('main h1').first().waitFor();
    await visitor.waitForLoadState('networkidle');
    const scripts = await visitor.evaluate(() => (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) => name.endsWith('.js')).map(({ name, encodedBodySize }) => ({ name: name.split('/').pop(), kilobytes: encodedBodySize / 1000 })));
    await context.close();
    expect({ address, scripts, few: scripts.length > 0 && scripts.reduce((sum, { kilobytes }) => sum + kilobytes, 0) <= 150 }).toMatchObject({ few: true });
  }
}, minute);

test('what was seen opens without a network, says so, and nothing is kept that belongs to somebody', async () => {
  const { stack, page } = browsing;
  const context = await page.context().browser()!.newContext();
  const visitor = await context.newPage();
  await visitor.goto(stack.node.url);
  await visitor.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: minute });
  await visitor.goto(`${stack.node.url}/datasets/1`);
  const title = await visitor.locator('main h1').first().textContent();
  await visitor.goto(`${stack.node.url}/orders`);
  await visitor.goto(stack.node.url);
  await visitor.getByRole('list', { name: 'Assets' }).waitFor();
  await context.setOffline(true);
  await visitor.goto(`${stack.node.url}/datasets/1`);
  await expect.poll(() => visitor.locator('main h1').first().textContent()).toBe(title);
  expect(await visitor.getByTestId('unreachable').textContent()).toContain('You are offline.');
  await visitor.goto(stack.node.url);
  await visitor.getByRole('list', { name: 'Assets' }).getByRole('link', { name: title ?? '' }).waitFor();
  const kept = await visitor.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).flat());
  expect(kept.filter((path) => path.startsWith('/api/') && !/^\/api\/v1\/(config|stats|search|featured|assets|datasets|validators|workers)/.test(path))).toEqual([]);
  expect(kept).toContain('/api/v1/assets/1');
  await context.setOffline(false);
  await expect.poll(() => visitor.getByTestId('unreachable').textContent(), { timeout: 30_000 }).toBe('');
  await context.close();
}, 4 * minute);
