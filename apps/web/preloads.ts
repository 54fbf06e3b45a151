import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What a page's address needs at once: `pattern` of the address, the page's module where it is a chunk of its own, and what it asks the node ($1 as in `replace`). */
const pages: { pattern: string; module?: string; data: string[] }[] = [
  { pattern: '^/$', data: ['/api/v1/search?limit=24&facets=true', '/api/v1/stats'] },
  { pattern: '^/(?:datasets|models|algorithms)/([1-9][0-9]*)$', module: 'src/pages/AssetPage.tsx', data: ['/api/v1/assets/$1', '/api/v1/config'] },
];

type Chunk = { file: string; imports?: string[] };

/** Turns Vite's list of chunks into `preloads.json`, by which the node tells the browser what to ask for while the page is still on its way. */
export async function writePreloads(folder: string): Promise<void> {
  const list = path.join(folder, '.vite/manifest.json');
  const chunks = JSON.parse(await readFile(list, 'utf8')) as Record<string, Chunk>;
  const scriptsOf = (name: string, seen = new Set<string>()): string[] => {
    const chunk = chunks[name];
    if (!chunk || seen.has(name)) return [];
    seen.add(name);
    return [`/${chunk.file}`, ...(chunk.imports ?? []).flatMap((next) => scriptsOf(next, seen))];
  };
  // index.html names these itself.
  const page = await readFile(path.join(folder, 'index.html'), 'utf8');
  const preloads = pages.map(({ pattern, module, data }) => ({ pattern, scripts: module === undefined ? [] : scriptsOf(module).filter((script) => !page.includes(script)), data }));
  await writeFile(path.join(folder, 'preloads.json'), JSON.stringify(preloads));
  await rm(path.dirname(list), { recursive: true });
}
