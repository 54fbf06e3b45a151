import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2', '.wasm': 'application/wasm', '.webmanifest': 'application/manifest+json' };

export type StaticHost = { /** Of the folder, with a slash at its end. */ url: string; origin: string; /** Paths that were asked for and are not there. */ missing: string[]; stop(): Promise<void> };

/** A host as plain as there are: files of a folder below a path such as `/ipfs/CID/`, a folder's `index.html`, no headers of its own, and nothing for any other address. */
export async function startStaticHost({ folder, below }: { folder: string; below: string }): Promise<StaticHost> {
  const missing: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const file = pathname.startsWith(below) ? path.normalize(path.join(folder, pathname.slice(below.length) || 'index.html')) : '';
    const found = file.startsWith(`${folder}${path.sep}`) ? readFile(file) : Promise.reject(new Error('elsewhere'));
    found.then(
      (bytes) => response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' }).end(bytes),
      () => {
        missing.push(pathname);
        response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.\n');
      },
    );
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}${below}`, origin, missing,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
