import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { finishSite } from './finishSite.ts';
import { writePreloads } from './preloads.ts';

const web = import.meta.dirname;
const root = path.resolve(web, '../..');
const dist = path.join(web, 'dist');
const stamp = path.join(dist, '.sources.sha256');

/** Everything that the site is made from. */
const sources = [
  'package-lock.json', 'apps/web/index.html', 'apps/web/vite.config.ts', 'apps/web/package.json', 'apps/web/build.ts', 'apps/web/finishSite.ts', 'apps/web/languages.ts', 'apps/web/messages.ts', 'apps/web/packageSentences.ts', 'apps/web/preloads.ts', 'apps/web/public', 'apps/web/src',
  ...['sdk', 'protocol', 'sealing', 'storage', 'engine'].flatMap((name) => [`packages/${name}/src`, `packages/${name}/package.json`]),
];

export type EnsureWebBuiltParameters = { log?: (line: string) => void };

/**
 * Builds the site when its sources have changed since the last build, and returns the folder. The old site stays in
 * place until the new one is whole.
 *
 * @example const folder = await ensureWebBuilt({ log: console.log });
 */
export async function ensureWebBuilt({ log }: EnsureWebBuiltParameters = {}): Promise<string> {
  const digest = await digestOfSources();
  if ((await readFile(stamp, 'utf8').catch(() => '')) === digest) return dist;
  log?.('Building the site; this happens once for each change.');
  const started = performance.now();
  const fresh = path.join(web, `dist/.next-${process.pid}`);
  let digestOfSite = '';
  try {
    await buildSite(fresh);
    digestOfSite = await finishSite(fresh);
    await replaceSite(fresh);
    await writeFile(stamp, digest);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  log?.(`Built the site in ${((performance.now() - started) / 1000).toFixed(1)} s; a first view loads ${(await firstScriptBytes() / 1000).toFixed(1)} kB of compressed script. Build ${digestOfSite}.`);
  return dist;
}

/** Builds the site's files into a folder, for a node to serve: a page that is given for every address names its files by whole paths. */
export async function buildSite(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Vite believes this variable before its mode: under a test runner it would build React for development, with this machine's paths.
  const environment = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ root: web, configFile: path.join(web, 'vite.config.ts'), mode: 'production', logLevel: 'error', build: { outDir: folder, emptyOutDir: true, manifest: true } });
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = environment;
  }
  const page = path.join(folder, 'index.html');
  await writeFile(page, (await readFile(page, 'utf8')).replaceAll(/(href|src)="\.\//g, '$1="/'));
  await writePreloads(folder);
}

/** Bytes of compressed script that the browser needs before it shows the first page: what index.html names, and what that imports at once. */
export async function firstScriptBytes(folder = dist): Promise<number> {
  const page = await readFile(path.join(folder, 'index.html'), 'utf8');
  const waiting = [...page.matchAll(/(?:src|href)="[^"]*?(assets\/[^"]+\.js)"/g)].map(([, name]) => name ?? '');
  const seen = new Set<string>();
  let bytes = 0;
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const code = await readFile(path.join(folder, name));
    bytes += await stat(path.join(folder, `${name}.br`)).then(({ size }) => size, () => code.length);
    // `import"./x.js"` and `from"./x.js"`, not `import("./x.js")`, which waits until it is asked for.
    for (const [, next] of code.toString().matchAll(/(?:import|from)\s*["']\.\/([\w.-]+\.js)["']/g)) waiting.push(`assets/${next}`);
  }
  return bytes;
}

/** Assets have hashed names, so old and new ones can lie side by side while index.html changes last. */
async function replaceSite(fresh: string): Promise<void> {
  const old = await readdir(path.join(dist, 'assets')).catch(() => []);
  const names = await readdir(path.join(fresh, 'assets'));
  await mkdir(path.join(dist, 'assets'), { recursive: true });
  for (const name of names) await rename(path.join(fresh, 'assets', name), path.join(dist, 'assets', name));
  const others = (await readdir(fresh)).filter((name) => name !== 'assets').sort((a, b) => Number(a.startsWith('index.html')) - Number(b.startsWith('index.html')));
  for (const name of others) await rename(path.join(fresh, name), path.join(dist, name));
  for (const name of old.filter((known) => !names.includes(known))) await rm(path.join(dist, 'assets', name), { force: true });
}

async function digestOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) await addTo(hash, source);
  return hash.digest('hex');
}

async function addTo(hash: ReturnType<typeof createHash>, relative: string): Promise<void> {
  const full = path.join(root, relative);
  const entries = await readdir(full, { withFileTypes: true }).catch(() => undefined);
  if (entries) {
    for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) if (!/\.test\.tsx?$/.test(name)) await addTo(hash, path.join(relative, name));
    return;
  }
  const bytes = await readFile(full);
  hash.update(`${relative}\0${bytes.length}\0`).update(bytes);
}

if (process.argv[1] === import.meta.filename) await ensureWebBuilt({ log: (line) => process.stdout.write(`${line}\n`) });
