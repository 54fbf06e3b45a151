import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { type BlockStore, addFolder } from '@neurodata/storage';
import { diskBlocks } from '@neurodata/storage/node';

/**
 * What headers say where a node serves the page, as far as a page may say it of itself: not who may frame it, and nothing of its workers.
 * Which node is not known when this is built; the page narrows it to the one that was chosen (`reachOnly`).
 */
const policy = [
  "default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self' blob:", "connect-src 'self' https: http://localhost:* http://127.0.0.1:*",
  "img-src 'self' data: blob:", "style-src 'self'", "font-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'",
].join('; ');

/** The page of a node's site as one for any host and any path: its files lie beside it, and it knows that it may be on its own. */
export function staticPage(page: string): string {
  const head = `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />\n    <meta name="referrer" content="no-referrer" />`;
  return page.replace('<html', '<html data-site="static"').replace('<head>', head).replaceAll(/(href|src)="\/(?!\/)/g, '$1="./');
}

/** Made for nodes: compressed copies, what nodes say in headers, and what keeps files that static hosts keep themselves. */
const onlyForNodes = /(\.(br|gz)|^\.sources\.sha256|^preloads\.json|^serviceWorker\.js|^robots\.txt)$|^\.next-/;

export type StaticSite = { folder: string; files: number; bytes: number; sha256: string };

/**
 * Writes the site as files for hosts that are no node, such as IPFS gateways, from the folder that a node serves. The same site gives the same digest: the one
 * that `find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum` prints there.
 *
 * @throws NeuroError `CONFLICT` where `out` holds something that no such build has put there.
 */
export async function writeStaticSite({ site, out }: { site: string; out: string }): Promise<StaticSite> {
  await makeRoom(out);
  for (const file of (await filesOf(site)).filter((name) => !onlyForNodes.test(name))) {
    const target = path.join(out, file);
    await mkdir(path.dirname(target), { recursive: true });
    if (file === 'index.html') await writeFile(target, staticPage(await readFile(path.join(site, file), 'utf8')));
    else await copyFile(path.join(site, file), target);
  }
  return { folder: out, ...(await digestOf(out)) };
}

/** The folder as IPFS names it; its blocks go into `blocks`. */
export async function addSite(blocks: BlockStore, folder: string): Promise<string> {
  const files = await Promise.all((await filesOf(folder)).map(async (file) => ({ path: file, content: new Uint8Array(await readFile(path.join(folder, file))) })));
  return (await addFolder(blocks, files)).cid;
}

/** Blocks in a folder of this machine; without one they are only named. */
export function siteBlocks(folder: string | undefined): BlockStore {
  if (folder !== undefined) return diskBlocks({ folder });
  return { has: async () => false, put: async () => undefined, get: async (cid) => { throw new Error(`${cid.toString()} was not kept`); } };
}

/** Empties a folder that an earlier build has written; takes no other that holds something. */
async function makeRoom(out: string): Promise<void> {
  const there = await readdir(out).catch(() => []);
  if (there.length === 0) return;
  const page = await readFile(path.join(out, 'index.html'), 'utf8').catch(() => '');
  if (!page.includes('data-site="static"')) throw new NeuroError(`${out} holds files that are not of this site.`, { code: 'CONFLICT', remedy: 'Choose an empty folder with --out.' });
  await rm(out, { recursive: true });
}

/** Paths of all files below, with `/`, in the order of their bytes. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/')).toSorted((a, b) => (a < b ? -1 : 1));
}

async function digestOf(folder: string): Promise<{ files: number; bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const files = await filesOf(folder);
  let bytes = 0;
  for (const file of files) {
    const content = await readFile(path.join(folder, file));
    bytes += content.length;
    hash.update(`${createHash('sha256').update(content).digest('hex')}  ./${file}\n`);
  }
  return { files: files.length, bytes, sha256: hash.digest('hex') };
}
