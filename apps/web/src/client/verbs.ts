/** Everything that signs, reads the chain or unseals, in one chunk that pages load when they need it. */
export {
  buyLicense, cancelJob, cancelSubscription, challengeRun, checkReceipt, claimOrders, confirmOrder, counterTreeOf, createClient, createListing, disputeOrder, escalateDispute, openModel, playChallenge, publishAsset, publishModel, publishingFee,
  quoteRun, readAsset, readReceipt, readTerms, readToken, readTokenBalance, readVerdictRules, refundJob, refundOrder, renewSubscription, requestKey, resolveDispute, retireListing, reviewOrder, startRun, subscribe, testPurchase, withdrawCredits,
} from '@neurodata/sdk';
export { privateKeyToAccount } from 'viem/accounts';
