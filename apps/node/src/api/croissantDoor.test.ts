import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CROISSANT_TYPE, commitOf, encodeTerms, hubIdOf, parseManifest, servedCroissant, sha256Hex } from '@neurodata/protocol';
import { createStorage, memoryBlocks, rawCidOfDigest } from '@neurodata/storage';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../db/openDatabase.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { assets, listings } from '../db/schema.ts';
import { createShelf, walletOf } from '../indexer/testing/shelf.ts';
import { findMlcroissant } from './mlcroissant.ts';
import { noChain, serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';

/** Documents in JSON-LD over HTTP, and what the specification's own library says of them. */

const mlcroissant = await findMlcroissant();
const site = 'https://market.example';
const blocks = memoryBlocks();
const digests: `0x${string}`[] = [];
let db: Database;
let served: ServedApi;
let penguins: string;

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  const shelf = createShelf(db);
  const storage = createStorage(blocks);
  const publish = async (ware: Parameters<typeof shelf.publish>[0]): Promise<void> => {
    const bytes = await shelf.publish(ware);
    digests.push(sha256Hex(bytes));
    await storage.addRaw(bytes);
  };
  await publish({ assetId: 1, title: 'Palmer penguins', tags: ['birds', 'antarctica'], columns: ['bill length', 'species', '@id', '*"\''], rows: 344, price: 25n, license: 'CC-BY-NC-SA-4.0', said: { isBasedOn: 'https://example.org/penguins' } });
  await publish({ assetId: 1, title: 'Palmer penguins', version: 2, columns: ['bill length'], rows: 345, parent: 4, said: { creator: { name: 'Gorman' } } });
  await publish({ assetId: 1, title: 'Palmer penguins', version: 3, status: 'pending' });
  await publish({ assetId: 2, title: 'A classifier', kind: 'model', parent: 1 });
  await publish({ assetId: 3, title: 'Not yet', status: 'pending' });
  await publish({ assetId: 4, title: 'Made by hand', license: 'Ask me "first"' });
  // As manifests were before what is in the sealed file was described.
  await publish({ assetId: 5, title: 'From before', columns: ['a b'], said: { '@context': { '@vocab': 'https://schema.org/', sc: 'https://schema.org/', cr: 'http://mlcommons.org/croissant/' }, recordSet: [{ '@id': 'rows' }] } });
  // Nobody has its manifest any more.
  await shelf.publish({ assetId: 6, title: 'Out of reach' });
  const { bytes, digest } = encodeTerms({ version: 1, kind: 'compute', license: 'CC-BY-NC-SA-4.0', validatorsMayRead: true, algorithms: ['logistic-regression'], modelShareBps: 500 });
  await storage.addRaw(bytes);
  await db.orm.insert(listings).values({ listingId: 99, assetId: 1, seller: walletOf('publisher'), kind: 'compute', price: 10n ** 18n, firstVersion: 1, lastVersion: 0, modelShareBps: 500, termsDigest: digest, retired: false });
  penguins = hubIdOf({ owner: walletOf('publisher'), title: 'Palmer penguins', assetId: 1 });
  served = await serveApi({ chain: noChain, db, extra: { blocks, siteUrl: () => site } });
});
afterAll(async () => {
  await served.close();
  await db.close();
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${served.api.url}${path}`, { headers });
const documentAt = async (path: string): Promise<Record<string, unknown>> => {
  const response = await get(path);
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.json()) as Record<string, unknown>;
};
const refusalAt = async (path: string): Promise<[number, string]> => {
  const response = await get(path);
  return [response.status, ((await response.json()) as { code: string }).code];
};

test('a dataset under every name that it has, with its type', async () => {
  const response = await get(`/api/datasets/${penguins}/croissant`);
  expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control'), response.headers.get('access-control-allow-origin')]).toEqual([200, CROISSANT_TYPE, 'public, max-age=60', '*']);
  const document = (await response.json()) as Record<string, unknown>;
  expect(document).toMatchObject({
    name: 'Palmer penguins', url: `${site}/datasets/1`, version: '2.0.0', creator: { name: 'Gorman' }, 'prov:wasDerivedFrom': [{ url: `${site}/datasets/4` }],
    usageInfo: [{ termCode: 'DUO_0000004' }, {}, { name: 'Training runs, listing 99', 'odrl:permission': { 'odrl:constraint': [{ 'odrl:rightOperand': ['logistic-regression'] }] } }, { name: 'Download, listing 11' }],
  });
  for (const same of ['/api/v1/datasets/1/croissant', '/api/v1/assets/1/croissant', '/api/datasets/assets/anything-1/croissant', `/api/datasets/${penguins}/revision/main/croissant`, `/api/datasets/${penguins}/revision/v2/croissant`, `/api/datasets/${penguins}/revision/${commitOf({ manifestDigest: digests[1]! })}/croissant`, `/api/v1/assets/1/croissant?revision=${rawCidOfDigest(digests[1]!)}`]) {
    expect([same, await documentAt(same)]).toEqual([same, document]);
  }
  const again = await get(`/api/datasets/${penguins}/croissant`, { 'if-none-match': response.headers.get('etag')! });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test('another version is described as it is, never the newest in its place', async () => {
  expect(await documentAt('/api/v1/assets/1/croissant?revision=v1')).toMatchObject({ version: '1.0.0', license: 'https://spdx.org/licenses/CC-BY-NC-SA-4.0', 'nd:rows': 344, isBasedOn: 'https://example.org/penguins' });
  expect(await documentAt('/api/v1/assets/1/croissant?revision=v3')).toMatchObject({ version: '3.0.0', 'nd:status': 'pending' });
  for (const path of ['/api/v1/assets/1/croissant?revision=v4', '/api/v1/assets/1/croissant?revision=1', `/api/datasets/${penguins}/revision/latest/croissant`, '/api/v1/assets/3/croissant']) expect([path, await refusalAt(path)]).toEqual([path, [404, 'NOT_FOUND']]);
  expect(await documentAt('/api/v1/assets/3/croissant?revision=v1')).toMatchObject({ name: 'Not yet' });
});

test('what is not there is not found, and what nobody has is said to be so', async () => {
  for (const path of ['/api/datasets/assets/x-77/croissant', '/api/datasets/assets/nonumber/croissant', `/api/datasets/${walletOf('other')}/palmer-penguins-1/croissant`, '/api/models/assets/palmer-penguins-1/croissant', '/api/v1/models/1/croissant', '/api/v1/datasets/2/croissant', '/api/v1/assets/77/croissant']) expect([path, await refusalAt(path)]).toEqual([path, [404, 'NOT_FOUND']]);
  for (const path of ['/api/v1/assets/0/croissant', '/api/v1/assets/one/croissant', `/api/v1/assets/1/croissant?revision=${'v'.repeat(200)}`, '/catalog.jsonld?limit=0', '/catalog.jsonld?limit=501', '/catalog.jsonld?cursor=x']) expect([path, await refusalAt(path)]).toEqual([path, [400, 'BAD_INPUT']]);
  expect((await get('/api/v1/assets/6/croissant')).status).toBe(404);
});

test('the catalogue has what is live and listed, a page after the other', async () => {
  const seen: unknown[] = [];
  let path: string | undefined = '/catalog.jsonld?limit=2';
  while (path !== undefined) {
    const response = await get(path);
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([200, 'application/ld+json', 'public, max-age=60']);
    const page = (await response.json()) as { 'dcat:dataset': { 'dct:title': string }[]; 'dcat:resource': { 'dct:title': string }[]; 'hydra:view': { 'hydra:next'?: { '@id': string } } };
    seen.push(...page['dcat:dataset'].map((entry) => entry['dct:title']), ...page['dcat:resource'].map((entry) => entry['dct:title']));
    path = page['hydra:view']['hydra:next']?.['@id'].replace(site, '');
  }
  expect(seen).toEqual(['Out of reach', 'From before', 'Made by hand', 'A classifier', 'Palmer penguins']);
  await db.orm.update(assets).set({ curationStatus: 'suspended' }).where(eq(assets.assetId, 5));
  await createShelf(db).refresh(5);
  expect(JSON.stringify(await documentAt('/catalog.jsonld'))).not.toContain('From before');
});

test.skipIf(!mlcroissant)(mlcroissant ? 'mlcroissant finds nothing wrong with any of them' : 'mlcroissant did not run: it cannot be installed here', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'neurodata-croissant-'));
  try {
    const places = ['/api/v1/assets/1/croissant?revision=v1', '/api/v1/assets/1/croissant', '/api/v1/assets/2/croissant', '/api/v1/assets/4/croissant', '/api/v1/assets/5/croissant?revision=v1'];
    const texts = await Promise.all(places.map(async (path) => JSON.stringify(await documentAt(path))));
    // The manifest alone lacks what only the chain knows.
    const manifest = await createStorage(blocks).readRaw(rawCidOfDigest(digests[0]!));
    const broken = JSON.parse(texts[0]!) as { recordSet: { field: { source: unknown }[] }[] };
    broken.recordSet[0]!.field[0]!.source = { fileObject: { '@id': 'nowhere' }, extract: { column: 'x' } };
    const read = parseManifest(manifest);
    const list = servedCroissant({ ...read, 'nd:sealed': { ...read['nd:sealed'], fileName: 'rows.json', mediaType: 'application/json' } }, {
      site, chainId: 1, kind: 'dataset', assetId: 9, version: 1, status: 'live', owner: walletOf('publisher'), publishedAt: 1, versionAt: 1, manifestDigest: digests[0]!, manifestCid: rawCidOfDigest(digests[0]!), parents: [], offers: [],
    });
    const files = await Promise.all([...texts, JSON.stringify(list), new TextDecoder().decode(manifest), JSON.stringify(broken)].map(async (text, index) => {
      const file = join(folder, `${index}.json`);
      await writeFile(file, text);
      return file;
    }));
    const verdicts = await mlcroissant!.validate(files);
    expect(verdicts.slice(0, 6)).toEqual([...places, 'list'].map(() => ({ errors: [], warnings: [] })));
    expect(verdicts[6]).toMatchObject({ errors: [] });
    expect(verdicts[7]!.errors).not.toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
