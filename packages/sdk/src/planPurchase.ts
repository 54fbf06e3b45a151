import { NeuroError, formatNcr } from '@neurodata/protocol';
import { type Address, erc20Abi } from 'viem';
import type { ChainReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { approveCall } from './marketCalls.ts';
import { type ListingFacts, chooseVersion, readListing } from './readListing.ts';
import { spendingSentence } from './spendingSentence.ts';
import { describeAmount, isNcr } from './tokenAmounts.ts';

export type PurchasePlan = { listing: ListingFacts; version: number; maxPrice: bigint; priceText: string };

/**
 * What a purchase would be: the version, by default the newest live one that the listing covers, and the most that it may cost, by
 * default its price now. Throws `CONFLICT` over `maxPrice` and `NOT_FOUND`.
 */
export async function planPurchase(parameters: { client: ChainReader; listingId: number; version?: number; maxPrice?: bigint }): Promise<PurchasePlan> {
  const { client, listingId } = parameters;
  const listing = await readListing({ client, listingId });
  const maxPrice = parameters.maxPrice ?? listing.price;
  if (listing.price > maxPrice) {
    const [asked, agreed] = await Promise.all([listing.price, maxPrice].map((amount) => describeAmount({ client, token: listing.token, amount })));
    throw new NeuroError(`Listing ${listingId} costs ${asked}, more than the ${agreed} you agreed to.`, { code: 'CONFLICT', remedy: 'Look at the listing again and confirm the new price.' });
  }
  const version = await chooseVersion({ client, listing, ...(parameters.version === undefined ? {} : { version: parameters.version }) });
  return { listing, version, maxPrice, priceText: await describeAmount({ client, token: listing.token, amount: listing.price }) };
}

/** The approval without which `spender` could not take `value` of the account's token; none where the standing one suffices. Throws `NO_FUNDS`. */
export async function missingApproval(parameters: { client: ChainReader; account: Address; token: Address; spender: Address; value: bigint }): Promise<ReturnType<typeof approveCall>[]> {
  const { client, account, spender, value } = parameters;
  if (value === 0n) return [];
  const token = isNcr(client, parameters.token) ? client.config.deployment.addresses.neuroCoin : parameters.token;
  const coin = { address: token, abi: erc20Abi } as const;
  const [balance, allowance, text] = await Promise.all([
    client.publicClient.readContract({ ...coin, functionName: 'balanceOf', args: [account] }), client.publicClient.readContract({ ...coin, functionName: 'allowance', args: [account, spender] }),
    describeAmount({ client, token, amount: value }),
  ]).catch((error: unknown) => { throw toNeuroError(error); });
  if (balance < value) throw new NeuroError(`This costs ${text}, and the account holds ${isNcr(client, token) ? `${formatNcr(balance)} NCR` : `${balance} base units`}.`, { code: 'NO_FUNDS', remedy: 'Add what is missing and try again.', details: account });
  return allowance >= value ? [] : [approveCall({ token, spender, amount: value, sentence: spendingSentence({ config: client.config, spender, amount: text }) })];
}
