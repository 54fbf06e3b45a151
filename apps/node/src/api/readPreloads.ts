import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const preloadsSchema = z.array(z.object({ pattern: z.string(), scripts: z.array(z.string()), data: z.array(z.string()) }));

/** The `Link` header of a page's address (RFC 8288), undefined where nothing is to be said. */
export type LinkOf = (url: string) => string | undefined;

/** What the site's build says that its pages need at once, so that browsers ask for it while the page is on its way. Sites without such a list get no header. */
export async function readPreloads(folder: string): Promise<LinkOf> {
  const text = await readFile(path.join(folder, 'preloads.json'), 'utf8').catch(() => '[]');
  const pages = preloadsSchema.parse(JSON.parse(text)).map(({ pattern, ...needs }) => ({ pattern: new RegExp(pattern), ...needs }));
  return (url) => {
    const page = pages.find(({ pattern }) => pattern.test(url));
    if (!page) return undefined;
    const scripts = page.scripts.map((script) => `<${script}>; rel=modulepreload; as=script; crossorigin`);
    const data = page.data.map((address) => `<${url.replace(page.pattern, address)}>; rel=preload; as=fetch; crossorigin=anonymous`);
    return [...scripts, ...data].join(', ');
  };
}
