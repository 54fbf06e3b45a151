import { NeuroError, type Purpose, assetRegistryAbi } from '@neurodata/protocol';
import { type BuyLicenseResult, buyLicense } from './buyLicense.ts';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

export type TestPurchaseResult = BuyLicenseResult & { sampleAssetId: number };

/**
 * Buys the free sample of an asset: the whole way of a purchase (escrow, grants, key, confirmation) at no price. What is
 * bought is the sample alone. Throws `NOT_FOUND` where the asset has none, or none that is free and live.
 *
 * @example const { orderId } = await testPurchase({ client, assetId: 7 });
 */
export async function testPurchase(parameters: { client: NeuroClient; assetId: number; purpose?: Purpose }): Promise<TestPurchaseResult> {
  const { client, assetId } = parameters;
  const found = await client.publicClient.readContract({ address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'sampleOf', args: [BigInt(assetId)] }).catch((error: unknown) => { throw toNeuroError(error); });
  const sampleAssetId = Number(found);
  if (sampleAssetId === 0) throw new NeuroError(`Asset ${assetId} has no sample.`, { code: 'NOT_FOUND', remedy: 'Ask its owner for one, or try another asset.' });
  const { listings } = await client.api.getAsset({ assetId: sampleAssetId });
  // The node only finds it; the price is checked on chain, where nothing above 0 passes.
  const free = listings.find(({ kind, price, retired }) => kind === 'download' && price === 0n && !retired);
  if (!free) throw new NeuroError(`The sample of asset ${assetId} is not offered for free.`, { code: 'NOT_FOUND', remedy: `Look at asset ${sampleAssetId}.` });
  return { ...(await buyLicense({ client, listingId: free.listingId, maxPrice: 0n, ...(parameters.purpose ? { purpose: parameters.purpose } : {}) })), sampleAssetId };
}
