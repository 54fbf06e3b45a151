import { type AssetDto, CROISSANT_TYPE, accountUri, croissantAddress, formatNcr, isoTime, licenceNode, semanticVersion } from '@neurodata/protocol';

const MOST_COLUMNS = 200;

/**
 * An asset in the words of schema.org, for search engines and for whoever reads the page by program. Names, version, licence and dates
 * are those of the Croissant document, which is named by its address, as is the manifest. The text holds no "<": whatever a title says, it ends no script.
 */
export function jsonLd(asset: AssetDto, { url, chainId }: { url: string; chainId: number | undefined }): string {
  const { origin } = new URL(url);
  const newest = asset.versions.find(({ version }) => version === asset.latestVersion);
  const offers = asset.listings.filter(({ retired, token }) => !retired && token === null);
  const data = {
    '@context': 'https://schema.org/',
    '@type': asset.kind === 'dataset' ? 'Dataset' : 'SoftwareSourceCode',
    '@id': url, url, name: asset.title, description: asset.description, identifier: chainId === undefined ? String(asset.assetId) : `eip155:${chainId}/asset/${asset.assetId}`, version: semanticVersion(asset.latestVersion), license: licenceNode(asset.license), keywords: asset.tags,
    creator: { '@type': 'Organization', ...(chainId === undefined ? {} : { '@id': accountUri(chainId, asset.owner) }), name: asset.owner, url: `${origin}/sellers/${asset.owner}` },
    datePublished: isoTime(asset.publishedAt),
    ...(newest ? { dateModified: isoTime(newest.at) } : {}),
    isAccessibleForFree: false,
    ...(asset.source && /^https?:/.test(asset.source) ? { isBasedOn: asset.source } : {}),
    ...(newest ? {
      subjectOf: [
        { '@type': 'DataDownload', name: 'Croissant', encodingFormat: CROISSANT_TYPE, contentUrl: `${origin}${croissantAddress({ assetId: asset.assetId, version: newest.version })}` },
        { '@type': 'DataDownload', name: 'Manifest', encodingFormat: 'application/ld+json', contentUrl: `ipfs://${newest.manifestCid}`, sha256: newest.manifestDigest.slice(2) },
      ],
    } : {}),
    ...(asset.kind === 'dataset' && asset.columnList.length > 0 ? { variableMeasured: asset.columnList.slice(0, MOST_COLUMNS).map(({ name }) => ({ '@type': 'PropertyValue', name })) } : {}),
    ...(asset.ratings.count > 0 ? { aggregateRating: { '@type': 'AggregateRating', ratingValue: (asset.ratings.sum / asset.ratings.count).toFixed(1), reviewCount: asset.ratings.count } } : {}),
    ...(offers.length > 0 ? { offers: offers.map(({ listingId, kind, price }) => ({ '@type': 'Offer', identifier: String(listingId), category: kind, price: formatNcr(price, 18), priceCurrency: 'NCR' })) } : {}),
  };
  return JSON.stringify(data).replaceAll('<', String.raw`\u003c`);
}
