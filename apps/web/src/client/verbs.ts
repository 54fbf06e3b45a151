/** Everything that signs, reads the chain or unseals, in one chunk that pages load when they need it. */
export {
  accuseGrant, appealRun, appealSuspension, approveAsset, buyLicense, cancelJob, cancelSubscription, cardMarkdown,  claimOrders, confirmOrder, createClient, createListing, disputeOrder, drillKeys, escalateDispute, findFalseGrants, isCurator, openModel, publishAsset, publishingFee,
  quoteRun, readAccessLog, readAccusations, readAsset, readLeaderboard, readLeaderboardSplit, readModelCard, readModelCheck, readNotices, readTableCheck, readReceipt, readSuspensionAppeal, readTerms, readToken, readTokenBalance, readValidatorStatus, readVerdictRules, refundJob, refundOrder, reinstateAsset, renewSubscription, requestKey, resolveDispute, retireListing, reviewOrder, startRun, storeEvidence, subscribe, suspendAsset, testPurchase, withdrawCredits, withdrawTokens,
} from '@neurodata/sdk';
export {
  burnCoins, checkBlock, claimDelegationRewards, decodeCall, claimLiquidity, claimStakeRewards, contractNameOf, delegateStake, delegateVotes, exitLiquidity, readBlock, readBlocks, readCoin, readContractFacts, readLiquidity, readManifest, readStake, readVersion, readStakeRewards, readTransaction, readTransfers, sendCoins, stakeCoins, stakeLiquidity, unbond, undelegateStake, unstakeLiquidity, unwrapVotes, withdrawDelegation, withdrawStake, wrapVotes,
} from '@neurodata/sdk';
export { awaitSent, walletAccount } from '@neurodata/sdk';
export { clearSizeOf, diffFiles, diffManifests, folderFilesOf } from '@neurodata/protocol';
export { reuseFiles } from '@neurodata/sdk';
export { privateKeyToAccount } from 'viem/accounts';
export { explainPolicy } from '@neurodata/protocol';
export { readPolicy, readRevocation, statePurpose } from '@neurodata/sdk';
export { approveCoin, freshIdentity, giftLicense } from '@neurodata/sdk';
export { expectTrialOffer, offerTrials, readTrial, readTrialOffer } from '@neurodata/sdk';
export { appealDispute, claimJurorFee, closeSeat, commitVote, concludeDispute, drawJury, executeRuling, exitJury, findVote, joinJury, leaveJury, readAppealTerms, readDispute, readEvidence, readJuror, readJuryCost, readVoteFile, revealVote, submitEvidence, writeVoteFile } from '@neurodata/sdk';
export { leaveRole, readValidatorCandidate, readValidatorTerms, revokeVersion, transferAsset } from '@neurodata/sdk';
export { cancelProposal, castVote, contractAbis, encodeCall, executeProposal, parameterCall, propose, queueProposal, readParameters, readProposedCall, readVotingPower, tryProposedCall } from '@neurodata/sdk';
export {
  cancelDeal, cancelDealSigned, contestMilestone, deliverMilestone, escalateMilestone, formatSignedCancel, openDeal, parseSignedCancel, pokeMilestone, readAgreement, readDeal, readDealEscrow, refundDeal, releaseMilestone, signCancelDeal, splitMilestone, storeAgreement, submitDealEvidence, withdrawDeals,
} from '@neurodata/sdk';
export { acceptOffer, cancelAllOffers, cancelOffer, readOffer, readOfferTerms, relayAcceptance, signAcceptance, signOffer } from '@neurodata/sdk';
export { createSha256, formatAcceptance, formatOffer, offerHashOf, parseAcceptance, parseOffer } from '@neurodata/protocol';
