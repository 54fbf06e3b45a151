import type { Address, Hex } from 'viem';
import type { ParentDto } from '../dto.ts';
import type { Manifest } from '../manifest.ts';
import type { AssetKind, VersionStatus } from '../states.ts';
import { CROISSANT, accountUri, assetPage, croissantAddress, isoTime, licenceNode, semanticVersion } from './names.ts';
import { describeCountedRows, describeFiles, recordSets } from './describeFiles.ts';
import { describeCountedTable, describeFolder, readFolderFiles } from './describeFolder.ts';
import { type OfferedTerms, describeUsage } from './describeUsage.ts';
import { croissantContext, fileIds } from './vocabulary.ts';

/** What of a version is not in its manifest: the chain says it, and where it is served. */
export type ServedFacts = {
  /** Origin of the site, e.g. `https://market.example`. */
  site: string;
  chainId: number;
  kind: AssetKind;
  assetId: number;
  version: number;
  status: VersionStatus;
  owner: Address;
  /** Seconds: of the asset's first version, and of this one. */
  publishedAt: number;
  versionAt: number;
  manifestDigest: Hex;
  manifestCid: string;
  /** Where everybody can fetch the content, of a version whose publisher told its key. */
  contentUrl?: string;
  parents: readonly (ParentDto & { assetKind: AssetKind })[];
  offers: readonly OfferedTerms[];
};

/**
 * The Croissant document of a version as a node serves it: the manifest, and what only chain and node know (number, page, owner, dates,
 * parents, offers). The manifest's own bytes, whose digest is on chain, are named by `subjectOf`. Also of manifests from before Croissant
 * was served: files, rows and context are described anew from their facts.
 */
export function servedCroissant(manifest: Manifest, facts: ServedFacts): Record<string, unknown> {
  const { site, chainId, kind, assetId, version, status, owner, publishedAt, versionAt, manifestDigest, manifestCid, parents, offers } = facts;
  const page = assetPage(site, facts);
  const { 'nd:sealed': sealed, 'nd:columns': columns, 'nd:rows': rows, 'nd:model': model, 'nd:evaluation': evaluation, 'nd:folder': folder, 'nd:tables': tables = [] } = manifest;
  const table = folder?.main ? { mediaType: folder.main.mediaType, file: fileIds.mainTable } : { mediaType: sealed.mediaType };
  const jobId = model?.jobId ?? parents.find((parent) => parent.jobId !== undefined)?.jobId;
  return {
    '@context': croissantContext,
    '@type': 'sc:Dataset',
    '@id': page,
    conformsTo: CROISSANT,
    name: manifest.name,
    description: manifest.description,
    url: page,
    identifier: `eip155:${chainId}/asset/${assetId}`,
    version: semanticVersion(version),
    license: licenceNode(manifest.license),
    keywords: manifest.keywords,
    creator: { '@type': 'Organization', '@id': accountUri(chainId, owner), name: nameOf(manifest) ?? owner, url: `${site}/sellers/${owner}` },
    datePublished: isoTime(publishedAt),
    dateModified: isoTime(versionAt),
    citeAs: citation({ ...facts, title: manifest.name, author: nameOf(manifest) ?? owner, page }),
    ...(kind === 'model' ? { additionalType: 'https://schema.org/SoftwareSourceCode' } : {}),
    ...(manifest.isBasedOn === undefined ? {} : { isBasedOn: manifest.isBasedOn }),
    distribution: filesOf(manifest, facts.contentUrl),
    ...recordSets([...(columns && columns.length > 0 ? [describeCountedRows(columns, { rows, ...table })] : []), ...tables.map(describeCountedTable)]),
    'prov:wasAttributedTo': { '@id': accountUri(chainId, owner) },
    ...(parents.length === 0 ? {} : { 'prov:wasDerivedFrom': parents.map((parent) => parentNode(site, parent)) }),
    ...(jobId === undefined ? {} : { 'prov:wasGeneratedBy': { '@type': 'prov:Activity', '@id': `urn:neurodata:job:${jobId}`, name: 'Training run', url: `${site}/runs/${jobId}` } }),
    ...(version === 1 ? {} : { 'prov:wasRevisionOf': { '@type': 'prov:Entity', '@id': `${site}${croissantAddress({ assetId, version: version - 1 })}` } }),
    usageInfo: describeUsage({ license: manifest.license, limits: manifest['nd:limits'], page, offers }),
    subjectOf: { '@type': 'DataDownload', name: 'Manifest', description: 'What the publisher sealed along with the file: its digest is on chain.', encodingFormat: 'application/ld+json', contentUrl: `ipfs://${manifestCid}`, sha256: manifestDigest.slice(2) },
    'nd:status': status,
    'nd:sealed': sealed,
    ...(folder ? { 'nd:folder': folder } : {}),
    ...(tables.length > 0 ? { 'nd:tables': tables } : {}),
    ...(manifest['nd:open'] ? { 'nd:open': manifest['nd:open'] } : {}),
    ...(rows === undefined ? {} : { 'nd:rows': rows }),
    ...(columns ? { 'nd:columns': columns } : {}),
    ...(model ? { 'nd:model': model } : {}),
    ...(evaluation ? { 'nd:evaluation': evaluation } : {}),
  };
}

/** As the manifest has them; where everybody may read the content and its digest is told, that file stands for itself, so that loaders can fetch and check it. */
function filesOf(manifest: Manifest, contentUrl: string | undefined): Record<string, unknown>[] {
  const [sealedFile, said] = manifest.distribution;
  const { 'nd:folder': folder, 'nd:sealed': sealed } = manifest;
  if (folder) return describeFolder({ sealed, sha256: sealedFile.sha256, files: readFolderFiles(manifest.distribution) ?? [], main: folder.main, tables: manifest['nd:tables'] });
  const [described, content] = describeFiles(sealed, sealedFile.sha256);
  const [sha256, contentSize] = [said?.['sha256'], said?.['contentSize']];
  if (contentUrl === undefined || !manifest['nd:open'] || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return [described, content];
  const { containedIn: _, ...file } = content;
  return [described, { ...file, description: 'The file, for everybody to read.', contentUrl, sha256, ...(typeof contentSize === 'string' ? { contentSize } : {}) }];
}

/** The parent as a thing of its own; not typed as a dataset, of which a document describes one. */
function parentNode(site: string, { assetId, version, title, kind, shareBps, assetKind }: ServedFacts['parents'][number]): unknown {
  return {
    '@type': 'prov:Entity', '@id': `${site}${croissantAddress({ assetId, version })}`, name: title, url: assetPage(site, { kind: assetKind, assetId }), version: semanticVersion(version),
    'nd:proof': kind === 'run' ? 'recorded by the chain' : 'declared by the publisher', 'nd:shareBps': shareBps,
  };
}

/** Whom the manifest names, where it does. Anything may stand there. */
function nameOf(manifest: Manifest): string | undefined {
  for (const said of [manifest['creator'], manifest['publisher']]) {
    if (typeof said !== 'object' || said === null || !('name' in said)) continue;
    const { name } = said;
    if (typeof name === 'string' && name.trim() !== '' && name.length <= 200) return name;
  }
  return undefined;
}

type Cited = Pick<ServedFacts, 'chainId' | 'assetId' | 'version' | 'versionAt' | 'manifestCid'> & { title: string; author: string; page: string };

/** BibTeX. Braces, backslashes and what TeX takes for commands are escaped. */
function citation({ chainId, assetId, version, versionAt, manifestCid, title, author, page }: Cited): string {
  const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[\\{}]/g, '').replaceAll(/[&%$#_]/g, String.raw`\$&`);
  const fields = { title: `{${plain(title)}}`, author: `{${plain(author)}}`, year: new Date(versionAt * 1_000).getUTCFullYear(), version: version, publisher: 'NeuroData', url: page, note: `ipfs://${manifestCid}` };
  return `@misc{neurodata_${chainId}_${assetId}_v${version}, ${Object.entries(fields).map(([name, value]) => `${name} = {${value}}`).join(', ')}}`;
}
