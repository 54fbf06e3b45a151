import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addWebFiles } from './webFiles.ts';

const script = `export const words = '${'the same words again, '.repeat(200)}';`;
let folder: string;
let app: FastifyInstance;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-web-'));
  await mkdir(path.join(folder, 'assets'));
  const put = (name: string, bytes: string | Buffer): Promise<void> => writeFile(path.join(folder, name), bytes);
  await put('index.html', '<!doctype html><title>NeuroData</title>');
  await put('index.html.br', brotliCompressSync('<!doctype html><title>NeuroData</title>'));
  await put('assets/main-1a2b.js', script);
  await put('assets/main-1a2b.js.br', brotliCompressSync(script));
  await put('assets/main-1a2b.js.gz', gzipSync(script));
  await put('assets/font-3c4d.woff2', 'font');
  await put('manifest.webmanifest', '{}');
  await put('preloads.json', JSON.stringify([{ pattern: '^/things/([0-9]+)$', scripts: ['/assets/Thing-5e6f.js'], data: ['/api/v1/things/$1'] }]));
  app = fastify();
  await addWebFiles(app, folder);
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const ask = (url: string, encodings = 'gzip, br') => app.inject({ url, headers: { 'accept-encoding': encodings } });

test.each([['gzip, deflate, br', 'br', brotliCompressSync(script).length], ['gzip', 'gzip', gzipSync(script).length], ['identity', undefined, script.length]])('who takes %s gets that, to be kept for ever', async (encodings, encoding, bytes) => {
  const { statusCode, headers, rawPayload } = await ask('/assets/main-1a2b.js', encodings);
  expect([statusCode, headers['content-encoding'], headers['content-type'], headers['vary'], headers['cache-control'], rawPayload.length]).toEqual([200, encoding, 'application/javascript; charset=utf-8', 'accept-encoding', 'public, max-age=31536000, immutable', bytes]);
});

test('what has no compressed copy comes as it is', async () => {
  const { headers, body } = await ask('/assets/font-3c4d.woff2');
  expect([headers['content-encoding'], body]).toEqual([undefined, 'font']);
});

test.each(['/', '/orders/7', '/things/7?tab=a'])('%s is the page, compressed, asked for anew each time', async (url) => {
  const { statusCode, headers } = await ask(url);
  expect([statusCode, headers['content-encoding'], headers['content-type'], headers['cache-control'], headers['link']]).toEqual([200, 'br', 'text/html; charset=utf-8', 'no-cache', undefined]);
});

test('a page that needs more says so before it is there', async () => {
  const { headers } = await ask('/things/7');
  expect(headers['link']).toBe('</assets/Thing-5e6f.js>; rel=modulepreload; as=script; crossorigin, </api/v1/things/7>; rel=preload; as=fetch; crossorigin=anonymous');
  expect((await ask('/assets/main-1a2b.js')).headers['link']).toBeUndefined();
});

test('the manifest of the app has its own type', async () => {
  expect((await ask('/manifest.webmanifest')).headers['content-type']).toContain('application/manifest+json');
});
