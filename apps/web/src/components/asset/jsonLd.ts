import type { AssetDto } from '@neurodata/protocol';
import { formatNcr } from '@neurodata/protocol';

const MOST_COLUMNS = 200;

/**
 * An asset in the words of schema.org, for search engines and for whoever reads the page by program. The publisher's own
 * Croissant document is named by its address. The text holds no "<": whatever a title says, it ends no script.
 */
export function jsonLd(asset: AssetDto, url: string): string {
  const newest = asset.versions.find(({ version }) => version === asset.latestVersion);
  const offers = asset.listings.filter(({ retired, token }) => !retired && token === null);
  const data = {
    '@context': 'https://schema.org/',
    '@type': asset.kind === 'dataset' ? 'Dataset' : 'SoftwareSourceCode',
    '@id': url, url, name: asset.title, description: asset.description, identifier: String(asset.assetId), version: String(asset.latestVersion), license: licenceUrl(asset.license), keywords: asset.tags,
    creator: { '@type': 'Organization', identifier: asset.owner },
    datePublished: new Date(asset.publishedAt * 1000).toISOString(),
    isAccessibleForFree: false,
    ...(asset.source && /^https?:/.test(asset.source) ? { isBasedOn: asset.source } : {}),
    ...(newest ? { subjectOf: { '@type': 'DataDownload', name: 'Croissant manifest', encodingFormat: 'application/ld+json', contentUrl: `ipfs://${newest.manifestCid}` } } : {}),
    ...(asset.kind === 'dataset' && asset.columnList.length > 0 ? { variableMeasured: asset.columnList.slice(0, MOST_COLUMNS).map(({ name }) => ({ '@type': 'PropertyValue', name })) } : {}),
    ...(asset.ratings.count > 0 ? { aggregateRating: { '@type': 'AggregateRating', ratingValue: (asset.ratings.sum / asset.ratings.count).toFixed(1), reviewCount: asset.ratings.count } } : {}),
    ...(offers.length > 0 ? { offers: offers.map(({ listingId, kind, price }) => ({ '@type': 'Offer', identifier: String(listingId), category: kind, price: formatNcr(price, 18), priceCurrency: 'NCR' })) } : {}),
  };
  return JSON.stringify(data).replaceAll('<', String.raw`\u003c`);
}

/** SPDX ids have an address; anything else is shown as it is. */
function licenceUrl(license: string): string {
  return /^[A-Za-z0-9.+-]+$/.test(license) ? `https://spdx.org/licenses/${license}` : license;
}
