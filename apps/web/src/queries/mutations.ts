import type { Description, JobSpec, ListingDto, Purpose, Terms } from '@neurodata/protocol';
import { type UseMutationOptions, useQueryClient } from '@tanstack/react-query';
import type { Address, Hex } from 'viem';
import { api } from '../client/api.ts';
import { type Signer, type Verbs, connect, loadVerbs } from '../client/connect.ts';
import { useWallet } from '../client/wallet.ts';
import type { NeuroClient } from '@neurodata/sdk';
import { t } from '../language/t.ts';

/** A mutation that signs with the chosen wallet; afterwards everything on screen about money and state is read again. */
export function useSigned<Input, Output>(act: (verbs: Verbs, client: NeuroClient, input: Input) => Promise<Output>): UseMutationOptions<Output, Error, Input> {
  return useSigner(async (signer, input) => {
    const [client, verbs] = await Promise.all([connect(signer), loadVerbs()]);
    return act(verbs, client, input);
  });
}

/** Apart, since pages that only offer it do without. */
const loadVault = () => import('../workers/vault.ts');

/** The same where the work is long, and done by the vault's worker. */
function useSigner<Input, Output>(act: (signer: Signer, input: Input) => Promise<Output>): UseMutationOptions<Output, Error, Input> {
  const wallet: Signer | undefined = useWallet();
  const queries = useQueryClient();
  return {
    mutationFn: async (input) => {
      if (!wallet) throw new Error(t`Choose a wallet first: the button is at the top right.`);
      return act(wallet, input);
    },
    onSettled: () => Promise.all(['order', 'orders', 'job', 'jobs', 'account', 'asset', 'assets', 'reviews', 'subscriptions', 'accusations', 'dispute', 'disputes', 'jurors', 'proposals', 'deal', 'deals', 'offers', 'validators', 'validator-status', 'network'].map((key) => queries.invalidateQueries({ queryKey: [key] }))).then(() => undefined),
  };
}

export const useBuyMutation = () => useSigned(({ buyLicense }, client, { listing, version, purpose }: { listing: ListingDto; version: number; purpose?: Purpose | undefined }) => buyLicense({ client, listingId: listing.listingId, version, maxPrice: listing.price, ...(purpose ? { purpose } : {}) }));

export type GiftInput = { listing: ListingDto; version: number; to: Address; recipientKey: Hex };

/** The allowance first: gifts take no permit. */
export const useGiftMutation = () =>
  useSigned(async ({ approveCoin, giftLicense }, client, { listing: { listingId, price }, version, to, recipientKey }: GiftInput) => {
    await approveCoin({ client, spender: client.config.deployment.addresses.market, amount: price });
    return giftLicense({ client, listingId, version, to, recipientKey, maxPrice: price });
  });

/** A key for a gift, kept in this browser before it is shown. Signs nothing. */
export const useGiftKeyMutation = () => useSigned(({ freshIdentity }, client) => freshIdentity(client, 'gift'));

export const useTestPurchaseMutation = () => useSigned(({ testPurchase }, client, assetId: number) => testPurchase({ client, assetId }));
export const useSubscribeMutation = () =>
  useSigned(({ subscribe }, client, { listing, version, periods, purpose }: { listing: ListingDto; version: number; periods: number; purpose?: Purpose | undefined }) =>
    subscribe({ client, listingId: listing.listingId, version, periods, maxTotal: listing.price * BigInt(periods), ...(purpose ? { purpose } : {}) }));

export const useRenewMutation = () => useSigned(({ renewSubscription }, client, subscriptionId: Hex) => renewSubscription({ client, subscriptionId }));

export const useCancelMutation = () => useSigned(({ cancelSubscription }, client, subscriptionId: Hex) => cancelSubscription({ client, subscriptionId }));

export const useRequestKeyMutation = () => useSigned(({ requestKey }, client, subscriptionId: Hex) => requestKey({ client, subscriptionId }));

export const useConfirmMutation = () => useSigned(({ confirmOrder }, client, orderId: Hex) => confirmOrder({ client, orderId }));

export const useRefundMutation = () => useSigned(({ refundOrder }, client, orderId: Hex) => refundOrder({ client, orderId }));

export const useDisputeMutation = () => useSigned(({ disputeOrder }, client, input: { orderId: Hex; evidence: string }) => disputeOrder({ client, ...input }));

export const useAccuseMutation = () => useSigned(({ accuseGrant }, client, input: { proofId: Hex; validatorId: number }) => accuseGrant({ client, ...input }));

export const useEscalateMutation = () => useSigned(({ escalateDispute }, client, orderId: Hex) => escalateDispute({ client, orderId }));

export const useResolveMutation = () => useSigned(({ resolveDispute }, client, orderId: Hex) => resolveDispute({ client, orderId }));

export const useReviewMutation = () => useSigned(({ reviewOrder }, client, input: { orderId: Hex; rating: number; text?: string }) => reviewOrder({ client, ...input }));

export const useRefundRunMutation = () => useSigned(({ refundJob }, client, jobId: Hex) => refundJob({ client, jobId }));

/** Asks a fresh committee about a rejected run, as its worker, against a bond. */
export const useAppealRunMutation = () => useSigned(({ appealRun }, client, jobId: Hex) => appealRun({ client, jobId }));

export const useCancelRunMutation = () => useSigned(({ cancelJob }, client, jobId: Hex) => cancelJob({ client, jobId }));

/** The checkpoints that this browser computed; `challengeId` where the bond is up already and only moves are left. */
export type ChallengeInput = { jobId: Hex; digests: Hex[]; challengeId?: number | undefined };

/** Puts up the bond, then shows both sides' checkpoints down to the step that differs. Gives the challenge's number. */
export const useChallengeMutation = () =>
  useSigner(async (signer, input: ChallengeInput) => (await loadVault()).challenge({ signer, ...input }));

export const useStartRunMutation = () =>
  useSigned(({ startRun }, client, input: { listingId: number; version: number; train: JobSpec['train']; maxTotal: bigint; trial: boolean; purpose?: Purpose }) => startRun({ client, ...input }));

export const useClaimMutation = () => useSigned(({ claimOrders }, client, orderIds: Hex[]) => claimOrders({ client, orderIds }));

export const useWithdrawMutation = () => useSigned(({ withdrawCredits }, client, from: 'market' | 'orderDisputes' | 'training' | 'challenges' | 'validators' | 'curation' | 'subscriptions' | 'accusations') => withdrawCredits({ client, from }));

export const useWithdrawTokenMutation = () => useSigned(({ withdrawTokens }, client, input: { from: 'market' | 'subscriptions'; token: Address }) => withdrawTokens({ client, ...input }));

export type PublishModelInput = { jobId: Hex; model: Blob; description: Description; price: bigint; validatorsMayRead: boolean };

/** Publishes a run's model and offers it for download; two transactions. */
export const usePublishModelMutation = () =>
  useSigner(async (signer, { price, ...input }: PublishModelInput) => {
    const published = await (await loadVault()).publishRunModel({ signer, ...input });
    const [client, { createListing }] = await Promise.all([connect(signer), loadVerbs()]);
    const terms: Terms = { version: 1, kind: 'download', license: input.description.license, validatorsMayRead: input.validatorsMayRead, algorithms: [], modelShareBps: 0 };
    await createListing({ client, assetId: published.assetId, firstVersion: published.version, kind: 'download', price, terms });
    return published;
  });

/** `price` in base units of `token`, NCR by default; `periodMinutes` of a subscription. */
export type OfferInput = { assetId: number; firstVersion: number; price: bigint; token?: Address; periodMinutes?: number; terms: Terms };

/** Offers an asset for downloads, for training runs or by the period. */
export const useOfferMutation = () => useSigned(({ createListing }, client, { terms, ...input }: OfferInput) => createListing({ client, ...input, kind: terms.kind, terms }));

export const useRetireMutation = () => useSigned(({ retireListing }, client, listingId: number) => retireListing({ client, listingId }));

/** The same terms at another price: the new offer first, so that the asset is on sale all the time. */
export const useRepriceMutation = () =>
  useSigned(async ({ createListing, readTerms, retireListing }, client, { listing, price }: { listing: ListingDto; price: bigint }) => {
    const { listingId, assetId, firstVersion, lastVersion, kind, token, periodMinutes } = listing;
    const terms = await readTerms({ client, listingId });
    await createListing({ client, assetId, firstVersion, lastVersion, kind, price, periodMinutes, terms, ...(token === null ? {} : { token }) });
    return retireListing({ client, listingId });
  });

/** The reason is stored publicly. */
export const useRevokeMutation = () => useSigned(({ revokeVersion }, client, input: { assetId: number; version: number; reason: string }) => revokeVersion({ client, ...input }));

export const useTransferAssetMutation = () => useSigned(({ transferAsset }, client, input: { assetId: number; to: Address }) => transferAsset({ client, ...input }));

export type Judgement = 'approve' | 'suspend' | 'reinstate';

/** A curator's word about an asset, with its reason. */
export const useCurateMutation = () =>
  useSigned(({ approveAsset, suspendAsset, reinstateAsset }, client, { judgement, ...input }: { judgement: Judgement; assetId: number; reason: string }) =>
    ({ approve: approveAsset, suspend: suspendAsset, reinstate: reinstateAsset })[judgement]({ client, ...input }));

/** The owner's side is stored publicly; the jury reads it. */
export const useAppealMutation = () =>
  useSigned(async ({ appealSuspension, storeEvidence }, client, { assetId, text }: { assetId: number; text: string }) =>
    appealSuspension({ client, assetId, evidence: `ipfs://${await storeEvidence({ client, about: `asset ${assetId}`, text })}` }));

/** Play money for an account of the embedded chain. */
export function useFundsMutation(): UseMutationOptions<unknown, Error, Address> {
  const queries = useQueryClient();
  return { mutationFn: (address) => api.requestFunds({ address }), onSuccess: (_, address) => queries.invalidateQueries({ queryKey: ['account', address] }) };
}
