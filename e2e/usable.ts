import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const views = [['light', 1280], ['dark', 1280], ['dark', 360], ['light', 360]] as const;

/**
 * What everybody needs who does not see the page, or sees little: one heading of the first level, levels in order, names for all that can be used, text that stands out
 * (WCAG 2.2: 1.3.1, 1.4.3, 1.4.10, 2.4.6, 4.1.2), no sideways scrolling. Pictures in both themes, narrow and wide, where NEURODATA_SCREENSHOTS says.
 */
export async function expectUsable(page: Page, name: string): Promise<void> {
  const folder = process.env['NEURODATA_SCREENSHOTS'];
  for (const [colorScheme, width] of views) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(250);
    if (folder) await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true });
    expect([name, width, await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)]).toEqual([name, width, true]);
    if (width === 1280) expect([name, colorScheme, await page.evaluate(faintTexts)]).toEqual([name, colorScheme, []]);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  const levels = await page.locator('h1, h2, h3, h4').evaluateAll((all) => all.map((element) => Number(element.tagName[1])));
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
  const tree = await page.locator('main').ariaSnapshot();
  expect(tree).not.toMatch(/^\s*- (button|link|textbox|searchbox|combobox|checkbox|img|region)\s*:?$/m);
}

/** Runs in the page: texts whose contrast to what is behind them is less than 4.5, or 3 where they are large. */
function faintTexts(): string[] {
  type Colour = [red: number, green: number, blue: number, alpha: number];
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  const known = new Map<string, Colour>();
  const read = (css: string): Colour => {
    const before = known.get(css);
    if (before) return before;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = css;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
    const colour: Colour = [red, green, blue, alpha / 255];
    known.set(css, colour);
    return colour;
  };
  const over = ([r, g, b, a]: Colour, [r2, g2, b2]: Colour): Colour => [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a), 1];
  const behind = (element: Element | null): Colour => {
    if (!element) return [255, 255, 255, 1];
    const colour = read(getComputedStyle(element).backgroundColor);
    return colour[3] >= 1 ? colour : over(colour, behind(element.parentElement));
  };
  const light = ([r, g, b]: Colour): number => {
    const part = (value: number): number => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const isShown = (element: Element): boolean => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest('[aria-hidden="true"], :disabled, [inert]');
  const texts = [...document.querySelectorAll('body *')].filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '') && isShown(element));
  return texts.flatMap((element) => {
    const style = getComputedStyle(element);
    const back = behind(element);
    const [one, two] = [light(over(read(style.color), back)), light(back)].toSorted((a, b) => b - a) as [number, number];
    const ratio = (one + 0.05) / (two + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    return ratio < (isLarge ? 3 : 4.5) ? [`${(element.textContent ?? '').trim().slice(0, 40)}: ${ratio.toFixed(2)}`] : [];
  });
}
