import { readFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import path from 'node:path';
import { build } from 'vite';

const here = import.meta.dirname;
const engine = path.resolve(here, '../../packages/engine/src/team');

/** Bundles the matrix for Node releases that read no TypeScript; the program is `nodeEntry.js` in the folder. */
export async function bundleForNode(outDir: string): Promise<string> {
  await build({
    root: here, configFile: false, logLevel: 'error',
    ssr: { noExternal: true, target: 'node' },
    build: { ssr: true, outDir, emptyOutDir: true, target: 'node20', minify: false, rolldownOptions: { input: { nodeEntry: path.join(here, 'nodeEntry.ts'), nodeMember: path.join(engine, 'nodeMember.ts') }, output: { entryFileNames: '[name].js', format: 'es' } } },
  });
  return path.join(outDir, 'nodeEntry.js');
}

/** Bundles the matrix's page. */
export async function bundleForBrowser(outDir: string): Promise<void> {
  await build({ root: here, configFile: false, logLevel: 'error', worker: { format: 'es' }, build: { outDir, emptyOutDir: true, target: 'chrome123', minify: false } });
}

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves a folder on loopback as the node serves its site: isolated across origins, so that threads share memory. */
export async function serveIsolated(folder: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const name = path.normalize(new URL(request.url ?? '/', 'http://localhost').pathname).replace(/^\/$/, '/index.html');
    readFile(path.join(folder, name)).then(
      (bytes) => response.writeHead(200, { 'content-type': types[path.extname(name)] ?? 'application/octet-stream', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return { url: `http://127.0.0.1:${address.port}/`, server };
}
