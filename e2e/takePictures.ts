import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browsing } from './browse.ts';
import { captureWebp } from './captureWebp.ts';
import { openWhole } from './openWhole.ts';

const widths = [1440, 768, 360];
const themes = ['light', 'dark'] as const;

export type TakePicturesParameters = { browsing: Browsing; /** Names and addresses. */ pages: [name: string, path: string][]; folder: string; say: (line: string) => void };

/** Writes every page, whole, in both themes at three widths as `NAME-WIDTH-THEME.webp`, and an `index.html` that shows all of them beside each other. */
export async function takePictures({ browsing, pages, folder, say }: TakePicturesParameters): Promise<void> {
  const { page, stack } = browsing;
  await mkdir(folder, { recursive: true });
  for (const [name, address] of pages) {
    await page.setViewportSize({ width: 1440, height: 900 });
    if (!(await openWhole(page, `${stack.node.url}${address}`))) say(`${name}: still loading after 20 s`);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of themes) {
        await page.emulateMedia({ colorScheme });
        // Colours move for a moment.
        await page.waitForTimeout(200);
        await writeFile(path.join(folder, `${name}-${width}-${colorScheme}.webp`), await captureWebp(page, { whole: true }));
      }
    }
    say(name);
  }
  await writeFile(path.join(folder, 'index.html'), contactSheet(pages));
}

/** Rows are pages, columns widths and themes; a picture opens whole. Names and addresses are our own. */
function contactSheet(pages: [name: string, path: string][]): string {
  const columns = widths.flatMap((width) => themes.map((theme) => ({ width, theme })));
  const row = ([name, address]: [string, string]): string => `<h2 id="${name}">${name} <code>${address}</code></h2>\n<div class="row">${columns.map(({ width, theme }) => {
    const file = `${name}-${width}-${theme}.webp`;
    return `<figure style="flex:${width}"><a href="${file}"><img src="${file}" loading="lazy" alt="${name}, ${width} pixels, ${theme}"></a><figcaption>${width} ${theme}</figcaption></figure>`;
  }).join('')}</div>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>NeuroData, every page</title>
<style>body{font:14px/20px system-ui;margin:24px;background:#888;color:#111}.row{display:flex;gap:12px;align-items:start}figure{margin:0;min-width:0}img{width:100%;display:block}h2{margin:32px 0 8px}code{font-weight:400}nav{columns:6}</style>
<nav>${pages.map(([name]) => `<a href="#${name}">${name}</a><br>`).join('')}</nav>
${pages.map(row).join('\n')}
</html>
`;
}
