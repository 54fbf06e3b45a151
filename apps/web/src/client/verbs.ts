/** Everything that signs, reads the chain or unseals, in one chunk that pages load when they need it. */
export {
  buyLicense, cancelSubscription, checkReceipt, claimOrders, confirmOrder, createClient, createListing, disputeOrder, escalateDispute, openModel, publishAsset, publishModel, publishingFee,
  quoteRun, readAsset, readReceipt, readTerms, refundJob, refundOrder, renewSubscription, requestKey, resolveDispute, retireListing, reviewOrder, startRun, subscribe, testPurchase, withdrawCredits,
} from '@neurodata/sdk';
export { privateKeyToAccount } from 'viem/accounts';
