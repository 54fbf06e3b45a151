import type { Address, Hex } from 'viem';
import type { AssetKind } from '../states.ts';
import { hubIdOf } from '../hubId.ts';
import { licenceUrl } from '../spdx.ts';
import { CROISSANT, accountUri, assetPage, croissantAddress, isoTime, semanticVersion } from './names.ts';

/** Where a node serves its catalogue. */
export const CATALOGUE_PATH = '/catalog.jsonld';
export const JSON_LD_TYPE = 'application/ld+json';

export type CatalogueEntry = {
  assetId: number;
  kind: AssetKind;
  owner: Address;
  /** Seconds: of the asset, and of the version. */
  publishedAt: number;
  /** Its newest live one. */
  version: number;
  versionAt: number;
  manifestDigest: Hex;
  title: string;
  description: string;
  license: string;
  tags: readonly string[];
  rows: number | undefined;
  sealedSize: number | undefined;
};

export type CataloguePage = { site: string; chainId: number; entries: readonly CatalogueEntry[]; limit: number; cursor?: number | undefined; next?: number | undefined };

const context = {
  dcat: 'http://www.w3.org/ns/dcat#', dct: 'http://purl.org/dc/terms/', foaf: 'http://xmlns.com/foaf/0.1/', hydra: 'http://www.w3.org/ns/hydra/core#', nd: 'https://neurodata.dev/ns#', xsd: 'http://www.w3.org/2001/XMLSchema#',
  'dct:issued': { '@type': 'xsd:dateTime' }, 'dct:modified': { '@type': 'xsd:dateTime' }, 'dcat:byteSize': { '@type': 'xsd:nonNegativeInteger' },
} as const;

const id = (address: string): { '@id': string } => ({ '@id': address });

/** One page of a node's catalogue in DCAT 3, newest assets first; `hydra:view` says where it goes on. */
export function describeCatalogue(page: CataloguePage): Record<string, unknown> {
  const { site, chainId, entries, limit, cursor, next } = page;
  const address = (at: number | undefined): string => `${site}${CATALOGUE_PATH}?${new URLSearchParams({ ...(at === undefined ? {} : { cursor: String(at) }), limit: String(limit) }).toString()}`;
  const things = entries.map((entry) => describeEntry(site, chainId, entry));
  return {
    '@context': context,
    '@id': `${site}${CATALOGUE_PATH}`,
    '@type': ['dcat:Catalog', 'hydra:Collection'],
    'dct:title': 'NeuroData',
    'dct:description': `Datasets and models on chain ${chainId} that validators have accepted.`,
    'dct:conformsTo': id('https://www.w3.org/TR/vocab-dcat-3/'),
    'foaf:homepage': id(site),
    'dcat:dataset': things.filter((_, index) => entries[index]?.kind === 'dataset'),
    'dcat:resource': things.filter((_, index) => entries[index]?.kind !== 'dataset'),
    'hydra:view': { '@id': address(cursor), '@type': 'hydra:PartialCollectionView', 'hydra:first': id(address(undefined)), ...(next === undefined ? {} : { 'hydra:next': id(address(next)) }) },
  };
}

function describeEntry(site: string, chainId: number, entry: CatalogueEntry): Record<string, unknown> {
  const { assetId, kind, owner, publishedAt, version, versionAt, manifestDigest, title, description, license, tags, rows, sealedSize } = entry;
  const [page, licence] = [assetPage(site, entry), licenceUrl(license)];
  return {
    '@id': page,
    '@type': kind === 'dataset' ? 'dcat:Dataset' : 'dcat:Resource',
    ...(kind === 'dataset' ? {} : { 'dct:type': id('http://purl.org/dc/dcmitype/Software') }),
    'dct:identifier': hubIdOf(entry),
    'dct:title': title, 'dct:description': description,
    'dct:issued': isoTime(publishedAt), 'dct:modified': isoTime(versionAt), 'dcat:version': semanticVersion(version),
    ...(licence === undefined ? { 'dct:rights': license } : { 'dct:license': id(licence) }),
    'dcat:keyword': tags,
    'dct:publisher': { '@id': accountUri(chainId, owner), '@type': 'foaf:Agent', 'foaf:name': owner },
    'dcat:landingPage': id(page),
    'foaf:isPrimaryTopicOf': { '@id': `${site}${croissantAddress({ assetId })}`, '@type': 'dcat:CatalogRecord', 'dct:conformsTo': id(CROISSANT) },
    'dcat:distribution': [{ '@type': 'dcat:Distribution', 'dct:title': 'The sealed file, for those who hold its key', 'dcat:accessURL': id(page), 'dcat:mediaType': id('https://www.iana.org/assignments/media-types/application/octet-stream'), ...(sealedSize === undefined ? {} : { 'dcat:byteSize': String(sealedSize) }) }],
    ...(rows === undefined ? {} : { 'nd:rows': rows }),
    'nd:manifestDigest': manifestDigest,
  };
}
