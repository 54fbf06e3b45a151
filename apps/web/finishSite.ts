import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const compressible = /\.(js|css|html|svg|txt|json|webmanifest)$/;
/** Smaller files fit into one packet as they are. */
const LEAST_BYTES = 1_000;
/** The best compression takes seconds for a megabyte: larger files get the next best. */
const MOST_BYTES_SLOWLY = 600_000;
/** Scripts up to this size lie ready for when there is no network; what signs and trains needs one anyway. */
const MOST_KEPT_BYTES = 120_000;
const fonts = /(inter|jetbrains-mono)-latin-wght-normal[^/]*\.woff2$/;

/** Fills in the service worker's list, lays a compressed copy beside each file, and returns the digest of the whole site. */
export async function finishSite(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/')).toSorted();
  const hash = createHash('sha256');
  const kept: string[] = [];
  for (const file of files) {
    const bytes = await readFile(path.join(folder, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
    if (isKept(file, bytes.length)) kept.push(file);
  }
  const build = hash.digest('hex').slice(0, 16);
  const worker = path.join(folder, 'serviceWorker.js');
  await writeFile(worker, (await readFile(worker, 'utf8')).replaceAll('NEURODATA_SHELL', JSON.stringify({ build, files: kept })));
  // Two at once: each takes a thread of its own.
  const waiting = files.filter((file) => compressible.test(file));
  await Promise.all([0, 1].map(async () => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) await compress(path.join(folder, file));
  }));
  return build;
}

function isKept(file: string, bytes: number): boolean {
  if (['index.html', 'mark.svg', 'manifest.webmanifest'].includes(file) || fonts.test(file) || file.endsWith('.css')) return true;
  // Another language is kept once somebody reads in it.
  if (/^assets\/[a-z]{2}-[^/]*\.js$/.test(file)) return false;
  return file.startsWith('assets/') && file.endsWith('.js') && (bytes <= MOST_KEPT_BYTES || /\/(index|first)-/.test(file)) && !/worker/i.test(file);
}

async function compress(file: string): Promise<void> {
  const bytes = await readFile(file);
  if (bytes.length < LEAST_BYTES) return;
  const quality = bytes.length > MOST_BYTES_SLOWLY ? 9 : 11;
  await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}
