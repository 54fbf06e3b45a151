import { type AssetDto, type VersionDto, formatNcr } from '@neurodata/protocol';
import type { Entitlement } from '../entitlementOf.ts';
import { HubError } from './HubError.ts';

type Wanted = { asset: AssetDto; version: VersionDto };

const nounOf = (asset: AssetDto): string => (asset.kind === 'model' ? 'models' : 'datasets');

/** How to buy a version, in one sentence. */
function howToBuy({ asset, version }: Wanted): string {
  const offers = asset.listings.filter((listing) => !listing.retired && listing.kind !== 'compute' && listing.firstVersion <= version.version && (listing.lastVersion === 0 || listing.lastVersion >= version.version));
  const [cheapest] = offers.filter(({ kind, token }) => kind === 'download' && token === null).toSorted((a, b) => Number(a.price - b.price));
  if (cheapest) return `Buy it with \`neurodata ${nounOf(asset)} buy ${asset.assetId} --asset-version ${version.version}\` (${cheapest.price === 0n ? 'free' : `${formatNcr(cheapest.price)} NCR`}).`;
  if (offers.some(({ kind }) => kind === 'subscription')) return `Subscribe with \`neurodata subscriptions start ${asset.assetId}\`.`;
  return offers.length > 0 ? `Buy it with \`neurodata ${nounOf(asset)} buy ${asset.assetId}\`.` : 'Nobody offers it for download now.';
}

/** What a caller is told whose account may not open a version. */
export function refusalOf(entitlement: Extract<Entitlement, { by: 'nothing' }>, wanted: Wanted): HubError {
  const name = `Asset ${wanted.asset.assetId} version ${wanted.version.version}`;
  const { why } = entitlement;
  if (why === 'pending') return new HubError(`${name} is bought, and the validators have not granted its key yet. Try again in a moment.`, { status: 403, code: 'GatedRepo', headers: { 'retry-after': '5' } });
  if (why === 'lapsed') return new HubError(`The subscription ${entitlement.proofId ?? ''} holds no key of ${name.toLowerCase()}. Renew it with \`neurodata subscriptions renew\`, or ask for this version with \`neurodata subscriptions request\`.`, { status: 402, code: 'PaymentRequired' });
  if (why === 'no account') return new HubError(`${name} is sealed, and no account is chosen here. Start \`neurodata serve\` with --as, or after \`neurodata account use\`.`, { status: 403, code: 'GatedRepo' });
  return new HubError(`${name} is sealed, and this account has not bought it. ${howToBuy(wanted)}`, { status: 403, code: 'GatedRepo' });
}

/** What everybody is told who asks a public node for a sealed file: nodes hold no keys. */
export function sealedHere(wanted: Wanted): HubError {
  return new HubError(`Asset ${wanted.asset.assetId} version ${wanted.version.version} is sealed, and this node has no key. ${howToBuy(wanted)} Then run \`neurodata serve\` on your own machine and set HF_ENDPOINT to its address.`, { status: 403, code: 'GatedRepo' });
}
