import { expect, test } from 'vitest';
import { canonicalJson } from '../bytes.ts';
import { buildManifest, parseManifest } from '../manifest.ts';
import type { Manifest } from '../manifest.ts';
import { describeCatalogue } from './describeCatalogue.ts';
import { type ServedFacts, servedCroissant } from './servedCroissant.ts';
import { croissantContext } from './vocabulary.ts';

/** Form and meaning of the documents; the specification's own library reads them in `croissantDoor.test.ts` of the node. */

const digest = `0x${'ab'.repeat(32)}` as const;
const cid = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
const owner = '0x00000000000000000000000000000000000000Aa' as const;
const sealed = { format: 'age-encryption.org/v1' as const, cid, size: 10, keysetDigest: digest, contentRoot: digest, contentCommitment: digest, fileName: 'a b.csv', mediaType: 'text/csv' };
const columns = ['bill length', 'bill_length', '@id', 'é"\'\\'].map((name, index) => ({ name, kind: index === 3 ? 'categorical' as const : 'numeric' as const, missing: 2, distinct: 7 }));
const { manifest, bytes } = buildManifest({ description: { title: 'Penguins & {co}', description: 'Birds.', license: 'CC-BY-NC-4.0', tags: ['birds'], source: 'https://example.org' }, sealed: { ...sealed, ciphertextSha256: digest }, rows: 344, columns });
const terms = { version: 1 as const, kind: 'compute' as const, license: 'CC-BY-NC-4.0', validatorsMayRead: true, algorithms: ['logistic-regression', 'decision-tree'], modelShareBps: 500, note: 'Be kind.' };
const offer = { listingId: 3, kind: 'download' as const, price: 25n * 10n ** 17n, token: null, periodMinutes: 0, modelShareBps: 0, termsDigest: digest };
const facts: ServedFacts = {
  site: 'https://market.example', chainId: 31_337, kind: 'dataset', assetId: 7, version: 2, status: 'live', owner, publishedAt: 1_700_000_000, versionAt: 1_710_000_000, manifestDigest: digest, manifestCid: cid,
  parents: [{ kind: 'declared', assetId: 3, title: 'Older', version: 1, shareBps: 250, assetKind: 'dataset' }],
  offers: [offer, { ...offer, listingId: 4, kind: 'compute', modelShareBps: 500, terms }, { ...offer, listingId: 5, kind: 'subscription', periodMinutes: 1440 }],
};
const served = servedCroissant(manifest, facts);

type Node = Record<string, unknown>;
const nodesOf = (value: unknown): Node[] => (Array.isArray(value) ? value.flatMap(nodesOf) : typeof value === 'object' && value !== null ? [value as Node, ...Object.entries(value).flatMap(([key, inner]) => (key === '@context' || key.startsWith('nd:') ? [] : nodesOf(inner)))] : []);

test('every id is named once, without spaces, and every reference leads to one', () => {
  for (const document of [served, manifest]) {
    const nodes = nodesOf(document);
    const ids = nodes.filter((node) => '@id' in node && Object.keys(node).length > 1).map((node) => node['@id'] as string);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).not.toMatch(/\s/);
    const referred = nodes.filter((node) => '@id' in node && Object.keys(node).length === 1).map((node) => node['@id'] as string).filter((id) => !/^(https?|did|urn|odrl|cc|nd):/.test(id));
    expect([...new Set(referred)].toSorted()).toEqual(['content', 'sealed-file']);
    for (const id of referred) expect(ids).toContain(id);
  }
});

test('what the specification requires is there, with the digest of the ciphertext and none of the content', () => {
  expect(served).toMatchObject({
    '@type': 'sc:Dataset', conformsTo: 'http://mlcommons.org/croissant/1.1', name: 'Penguins & {co}', description: 'Birds.', license: 'https://spdx.org/licenses/CC-BY-NC-4.0', url: 'https://market.example/datasets/7',
    version: '2.0.0', datePublished: '2023-11-14T22:13:20.000Z', dateModified: '2024-03-09T16:00:00.000Z', keywords: ['birds'], isBasedOn: 'https://example.org',
    creator: { '@id': `did:pkh:eip155:31337:${owner.toLowerCase()}`, name: owner }, subjectOf: { contentUrl: `ipfs://${cid}`, sha256: 'ab'.repeat(32) },
    distribution: [{ '@id': 'sealed-file', contentUrl: `ipfs://${cid}`, sha256: 'ab'.repeat(32), contentSize: '10 B', name: 'a b.csv.age' }, { '@id': 'content', containedIn: { '@id': 'sealed-file' }, encodingFormat: 'text/csv', name: 'a b.csv' }],
  });
  const [, content] = served['distribution'] as [Node, Node];
  expect(Object.keys(content)).not.toContain('sha256');
  expect(Object.keys(content)).not.toContain('contentSize');
  const [{ field }] = served['recordSet'] as [{ field: Node[] }];
  expect(field.map((one) => [one['@id'], one['name'], one['dataType'], (one['source'] as Node)['extract']])).toEqual([
    ['rows/bill_length', 'bill length', 'sc:Float', { column: 'bill length' }], ['rows/bill_length~1', 'bill_length', 'sc:Float', { column: 'bill_length' }],
    ['rows/_id', '@id', 'sc:Float', { column: '@id' }], ['rows/_', 'é"\'\\', 'sc:Text', { column: 'é"\'\\' }],
  ]);
  expect(field[0]!['description']).toBe('Numbers: 7 different, 2 of 344 missing.');
  expect(served['citeAs']).toBe(`@misc{neurodata_31337_7_v2, title = {{Penguins \\& co}}, author = {{${owner}}}, year = {2024}, version = {2}, publisher = {NeuroData}, url = {https://market.example/datasets/7}, note = {ipfs://${cid}}}`);
});

test('where it came from is PROV-O', () => {
  expect(served).toMatchObject({
    'prov:wasDerivedFrom': [{ '@type': 'prov:Entity', '@id': 'https://market.example/api/v1/assets/3/croissant?revision=v1', name: 'Older', version: '1.0.0', 'nd:proof': 'declared by the publisher' }],
    'prov:wasRevisionOf': { '@id': 'https://market.example/api/v1/assets/7/croissant?revision=v1' },
  });
  expect(served).not.toHaveProperty(['prov:wasGeneratedBy']);
  const model = { jobId: digest, modelDigest: digest, receiptDigest: digest, algorithm: 'logistic-regression', target: 'y', classes: ['a', 'b'] };
  const ofRun = servedCroissant({ ...manifest, 'nd:model': model }, { ...facts, kind: 'model', version: 1 });
  expect(ofRun).toMatchObject({ 'prov:wasGeneratedBy': { '@type': 'prov:Activity', '@id': `urn:neurodata:job:${digest}` }, url: 'https://market.example/models/7', 'nd:model': model });
  expect(ofRun).not.toHaveProperty(['prov:wasRevisionOf']);
});

test('terms are DUO and ODRL: what the licence allows, and each offer with its price', () => {
  const usage = served['usageInfo'] as Node[];
  expect(usage.map(({ name }) => name)).toEqual(['general research use', 'non-commercial use only', 'Creative Commons Attribution Non Commercial 4.0', 'Download, listing 3', 'Training runs, listing 4', 'Subscription, listing 5']);
  expect(usage[2]).toMatchObject({ 'odrl:permission': { 'odrl:duty': [{ 'odrl:action': { '@id': 'cc:Attribution' } }] }, 'odrl:prohibition': [{ 'odrl:action': { '@id': 'cc:CommercialUse' } }] });
  expect(usage[3]).toMatchObject({ 'odrl:permission': { 'odrl:action': { '@id': 'odrl:use' }, 'odrl:duty': [{ 'odrl:constraint': { 'odrl:rightOperand': '2.5', 'odrl:unit': 'NCR' } }] } });
  expect(usage[4]).toMatchObject({ description: 'Be kind.', 'odrl:permission': { 'odrl:action': { '@id': 'odrl:derive' }, 'odrl:constraint': [{ 'odrl:leftOperand': { '@id': 'nd:algorithm' }, 'odrl:rightOperand': ['logistic-regression', 'decision-tree'] }] }, 'odrl:prohibition': [{}, { 'odrl:action': { '@id': 'odrl:read' } }] });
  expect(usage[5]).toMatchObject({ 'odrl:permission': { 'odrl:constraint': [{ 'odrl:rightOperand': 'PT1440M' }] } });
  const own = servedCroissant({ ...manifest, license: 'Ask me' }, { ...facts, offers: [] });
  expect([own['license'], own['usageInfo']]).toEqual([{ '@type': 'CreativeWork', name: 'Ask me' }, []]);
  expect((servedCroissant({ ...manifest, license: 'CC0-1.0' }, { ...facts, offers: [] })['usageInfo'] as Node[]).map(({ termCode }) => termCode)).toEqual(['DUO_0000004', undefined]);
});

test('manifests from before are read as they were, and served in today\'s form', () => {
  const [file] = manifest.distribution;
  const former = { ...manifest, '@context': { '@vocab': 'https://schema.org/' }, distribution: [file], 'prov:wasGeneratedBy': 'urn:neurodata:job:1', recordSet: [{ '@id': 'rows', field: [{ '@id': 'rows/bill length', source: { fileObject: { '@id': 'sealed-file' } } }] }] };
  const read = parseManifest(canonicalJson(former));
  expect(read).toEqual(former);
  expect(servedCroissant(read, facts)).toEqual(served);
  expect(() => parseManifest(canonicalJson({ ...former, distribution: [{ ...file, sha256: 'ab' }] }))).toThrow(expect.objectContaining({ code: 'BAD_MANIFEST' }));
  expect(parseManifest(bytes)).toEqual(manifest);
});

test('what everybody may read is a file of its own, with its digest; without the key its digest is told by nobody', () => {
  const description = { title: 'A', description: 'B', license: 'CC0-1.0', tags: [] };
  const openContent = { sha256: `0x${'cd'.repeat(32)}` as const, size: 7 };
  const { manifest: open } = buildManifest({ description, sealed: { ...sealed, ciphertextSha256: digest }, openSecret: digest, openContent });
  const contentUrl = 'https://market.example/datasets/assets/7/resolve/v2/a%20b.csv';
  const fileOf = (of: Manifest, more: object): Node => (servedCroissant(of, { ...facts, ...more })['distribution'] as Node[])[1]!;
  expect(fileOf(open, { contentUrl })).toEqual({ '@type': 'cr:FileObject', '@id': 'content', name: 'a b.csv', description: 'The file, for everybody to read.', contentUrl, encodingFormat: 'text/csv', sha256: 'cd'.repeat(32), contentSize: '7 B' });
  expect(fileOf(open, {})).toMatchObject({ containedIn: { '@id': 'sealed-file' }, contentUrl: 'a b.csv' });
  const { manifest: shut } = buildManifest({ description, sealed: { ...sealed, ciphertextSha256: digest }, openContent });
  expect(JSON.stringify(shut)).not.toContain('cdcdcd');
  const lying = { ...shut, distribution: [shut.distribution[0], { ...shut.distribution[1]!, sha256: 'cd'.repeat(32) }] } as Manifest;
  expect(fileOf(lying, { contentUrl })).not.toHaveProperty('sha256');
});

test('whoever a manifest names as its creator is named, and nothing else that stands there', () => {
  const named = (creator: unknown): unknown => (servedCroissant({ ...manifest, creator } as Manifest, facts)['creator'] as Node)['name'];
  expect([{ name: 'Ada' }, { name: 7 }, 'Ada', null, { name: ' ' }, { name: 'x'.repeat(300) }].map(named)).toEqual(['Ada', owner, owner, owner, owner, owner]);
});

test('a list of objects is read by path', () => {
  const { manifest: list } = buildManifest({ description: { title: 'A', description: 'B', license: 'MIT', tags: [] }, sealed: { ...sealed, mediaType: 'application/json', ciphertextSha256: digest }, columns: columns.slice(0, 1) });
  expect(nodesOf(list).map(({ jsonPath }) => jsonPath).filter(Boolean)).toEqual(['$[*].\'bill length\'']);
});

test('the context names each term once', () => {
  expect(croissantContext).toMatchObject({ recordSet: 'cr:recordSet', conformsTo: 'dct:conformsTo', 'nd:columns': { '@type': '@json' } });
  expect(Object.keys(croissantContext).length).toBe(new Set(Object.keys(croissantContext).map((key) => key.toLowerCase())).size);
});

test('a catalogue goes on where it says', () => {
  const entry = { assetId: 7, kind: 'dataset' as const, owner, publishedAt: 1_700_000_000, version: 2, versionAt: 1_710_000_000, manifestDigest: digest, title: 'Penguins', description: 'Birds.', license: 'CC0-1.0', tags: ['birds'], rows: 344, sealedSize: 10 };
  const page = describeCatalogue({ site: 'https://market.example', chainId: 31_337, entries: [entry, { ...entry, assetId: 6, kind: 'model', license: 'Ask me', rows: undefined, sealedSize: undefined }], limit: 2, cursor: 8, next: 6 });
  expect(page).toMatchObject({
    '@type': ['dcat:Catalog', 'hydra:Collection'],
    'dcat:dataset': [{ '@id': 'https://market.example/datasets/7', 'dct:identifier': `${owner.toLowerCase()}/penguins-7`, 'dct:license': { '@id': 'https://spdx.org/licenses/CC0-1.0' }, 'dcat:version': '2.0.0', 'dcat:distribution': [{ 'dcat:byteSize': '10' }] }],
    'dcat:resource': [{ '@id': 'https://market.example/models/6', 'dct:rights': 'Ask me' }],
    'hydra:view': { '@id': 'https://market.example/catalog.jsonld?cursor=8&limit=2', 'hydra:next': { '@id': 'https://market.example/catalog.jsonld?cursor=6&limit=2' } },
  });
  expect(describeCatalogue({ site: 'https://market.example', chainId: 1, entries: [], limit: 2 })['hydra:view']).not.toHaveProperty(['hydra:next']);
});
