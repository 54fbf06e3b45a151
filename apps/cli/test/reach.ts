/**
 * How a user reaches every function of every contract that changes something. `verbs`: the SDK's verb that calls it and the
 * command that calls the verb. `others`: functions that no user calls, by who does.
 */
export type Reach = { verbs: Record<string, readonly [sdk: string, command: string]>; others: Partial<Record<Caller, readonly string[]>> };

export const callers = {
  owner: 'the owner, that is the timelock after a vote: `governance propose` reaches it',
  contracts: 'only other contracts of the system',
  roles: 'the validator and worker roles of a node, by themselves',
  wallets: 'part of a token or receiver standard, for wallets and other contracts',
  bridges: 'bridge adapters within their rate',
  relayers: 'whoever brings a signature that another account made',
} as const;
export type Caller = keyof typeof callers;

const ownership = ['acceptOwnership', 'renounceOwnership', 'transferOwnership'] as const;
const receivers = ['onERC1155BatchReceived', 'onERC1155Received', 'onERC721Received'] as const;
const credits = ['withdrawCredits', 'account withdraw'] as const;

export const reach: Record<string, Reach> = {
  neuroCoin: {
    verbs: { approve: ['approveCoin', 'stake add'], burn: ['burnCoins', 'account burn'], permit: ['signPermit', 'governance wrap'], transfer: ['sendCoins', 'account send'] },
    others: { owner: [...ownership, 'setAdapter', 'setBudget'], contracts: ['mint'], bridges: ['crosschainBurn', 'crosschainMint'], wallets: ['burnFrom', 'transferFrom'] },
  },
  neuroVotes: {
    verbs: { wrap: ['wrapVotes', 'governance wrap'], unwrap: ['unwrapVotes', 'governance unwrap'], delegate: ['delegateVotes', 'governance delegate'] },
    others: { relayers: ['delegateBySig'], wallets: ['approve', 'depositFor', 'permit', 'transfer', 'transferFrom', 'withdrawTo'] },
  },
  governor: {
    verbs: {
      propose: ['propose', 'governance propose'], cancel: ['cancelProposal', 'governance cancel'], castVote: ['castVote', 'governance vote'], castVoteWithReason: ['castVote', 'governance vote'],
      queue: ['queueProposal', 'governance queue'], execute: ['executeProposal', 'governance execute'],
    },
    others: {
      owner: ['relay', 'setProposalThreshold', 'setQuorumFloor', 'setVotingDelay', 'setVotingPeriod', 'updateQuorumNumerator', 'updateTimelock'],
      relayers: ['castVoteBySig', 'castVoteWithReasonAndParamsBySig'], wallets: ['castVoteWithReasonAndParams', ...receivers],
    },
  },
  timelock: { verbs: {}, others: { contracts: ['cancel', 'execute', 'executeBatch', 'schedule', 'scheduleBatch'], owner: ['grantRole', 'renounceRole', 'revokeRole', 'updateDelay'], wallets: receivers } },
  guardian: { verbs: { pause: ['pause', 'guardian pause'], endPause: ['endPause', 'guardian end'] }, others: { owner: [...ownership, 'setGuardian'] } },
  assetRegistry: {
    verbs: {
      publish: ['publishAsset', 'datasets publish'], addVersion: ['publishVersion', 'datasets publish'], publishModel: ['publishModel', 'models publish'], retryRound: ['retryRound', 'assets retry'],
      revokeVersion: ['revokeVersion', 'assets revoke'], releaseReserve: ['releaseReserve', 'assets release-reserve'], safeTransferFrom: ['transferAsset', 'assets transfer'],
      linkSample: ['linkSample', 'assets sample'], publishDerived: ['publishAsset', 'datasets publish'], setRoyalty: ['setRoyalty', 'assets royalty'],
    },
    others: { contracts: ['moveKey', 'onVerdict', 'refuse', 'spendReserve'], wallets: ['approve', 'setApprovalForAll', 'transferFrom'] },
  },
  market: {
    verbs: {
      createListing: ['createListing', 'datasets publish'], createListingWith: ['createListing', 'datasets publish'], retireListing: ['retireListing', 'assets retire'], buy: ['buyLicense', 'datasets buy'], buyWithPermit: ['buyLicense', 'datasets buy'],
      batchBuy: ['batchBuy', 'assets buy-all'], gift: ['giftLicense', 'assets gift'], confirm: ['confirmOrder', 'orders confirm'], refund: ['refundOrder', 'orders refund'],
      claim: ['claimOrders', 'orders claim'], syncPause: ['syncPause', 'guardian sync'], withdraw: credits, withdrawToken: ['withdrawTokens', 'account withdraw-token'],
    },
    others: { owner: [...ownership, 'allowToken', 'setGuardian', 'setParams'], contracts: ['closeDispute', 'onSuspension', 'onVersionChange', 'openDispute', 'openOffered'], roles: ['grant'] },
  },
  orderDisputes: {
    verbs: { dispute: ['disputeOrder', 'orders dispute'], escalate: ['escalateDispute', 'orders escalate'], submitEvidence: ['submitOrderEvidence', 'orders evidence'], resolve: ['resolveDispute', 'orders resolve'], withdraw: credits },
    others: { owner: [...ownership, 'setParams'], contracts: ['onVerdict', 'rule'] },
  },
  privateOffers: {
    verbs: { accept: ['acceptOffer', 'offers accept'], cancelOffer: ['cancelOffer', 'offers cancel'], cancelAll: ['cancelAllOffers', 'offers cancel-all'] },
    others: { relayers: ['acceptFor'] },
  },
  accusations: { verbs: { accuse: ['accuseGrant', 'orders accuse'], withdraw: credits }, others: { owner: [...ownership, 'setParams'], contracts: ['onVerdict'] } },
  custody: { verbs: { open: ['refreshKeys', 'keys refresh'] }, others: { roles: ['draw', 'confirm'] } },
  trials: { verbs: { offer: ['offerTrials', 'datasets trials'], open: ['startRun', 'datasets try'], settle: ['settleTrial', 'runs settle-trial'], count: ['settleTrial', 'runs settle-trial'] }, others: {} },
  training: {
    verbs: { openJob: ['startRun', 'jobs run'], refundJob: ['refundJob', 'jobs refund'], cancelJob: ['cancelJob', 'runs cancel'], finalize: ['finalizeRun', 'runs finalize'], withdraw: credits },
    others: {
      owner: [...ownership, 'setParams'], contracts: ['contest', 'onVerdict', 'openTrial', 'resolve', 'spare'], roles: ['claimJob', 'heartbeat', 'redraw', 'submitReceipt', 'takeOver'],
    },
  },
  workers: { verbs: { deregister: ['leaveRole', 'node leave'] }, others: { roles: ['register', 'setOffer'] } },
  validators: {
    verbs: { deregister: ['leaveRole', 'node leave'], withdraw: credits },
    others: { owner: [...ownership, 'setParams'], contracts: ['endAccusation', 'endRound', 'openReferee', 'openRound'], roles: ['accuse', 'commit', 'drawCommittee', 'register', 'reveal', 'setEndpoint', 'setKey', 'settle'] },
  },
  challenges: {
    verbs: {
      challenge: ['challengeRun', 'runs challenge'], appeal: ['appealRun', 'runs appeal'], post: ['playChallenge', 'runs move'], poke: ['pokeChallenge', 'runs poke'],
      revealCanary: ['revealCanary', 'runs canary'], withdraw: credits,
    },
    others: { owner: [...ownership, 'setParams'], contracts: ['onVerdict'] },
  },
  staking: {
    verbs: {
      stake: ['stakeCoins', 'stake add'], unbond: ['unbond', 'stake unbond'], withdraw: ['withdrawStake', 'stake withdraw'], claimRewards: ['claimStakeRewards', 'stake claim'],
      fundPool: ['fundStakePool', 'stake fund'], delegate: ['delegateStake', 'stake delegate'], undelegate: ['undelegateStake', 'stake undelegate'],
      withdrawDelegation: ['withdrawDelegation', 'stake collect'], claimDelegationRewards: ['claimDelegationRewards', 'stake earned'],
    },
    others: { owner: [...ownership, 'setRate'], contracts: ['lock', 'recall', 'slash', 'unlock'] },
  },
  disputes: {
    verbs: {
      joinJury: ['joinJury', 'jury join'], leaveJury: ['leaveJury', 'jury leave'], exitJury: ['exitJury', 'jury exit'], draw: ['drawJury', 'disputes draw'], commit: ['commitVote', 'disputes commit'],
      reveal: ['revealVote', 'disputes reveal'], appeal: ['appealDispute', 'disputes appeal'], closeSeat: ['closeSeat', 'disputes close-seat'], conclude: ['concludeDispute', 'disputes conclude'],
      executeRuling: ['executeRuling', 'disputes execute'], claimFee: ['claimJurorFee', 'disputes claim'], submitEvidence: ['submitEvidence', 'disputes evidence'], withdraw: ['withdrawCredits', 'jury withdraw'],
    },
    others: { owner: [...ownership, 'ruleByGovernance', 'setParams'], contracts: ['createDispute'] },
  },
  milestoneEscrow: {
    verbs: {
      open: ['openDeal', 'deals open'], deliver: ['deliverMilestone', 'deals deliver'], release: ['releaseMilestone', 'deals release'], refund: ['refundDeal', 'deals refund'],
      contest: ['contestMilestone', 'deals contest'], split: ['splitMilestone', 'deals split'], escalate: ['escalateMilestone', 'deals escalate'], submitEvidence: ['submitDealEvidence', 'deals evidence'],
      poke: ['pokeMilestone', 'deals settle'], cancel: ['cancelDeal', 'deals cancel'], cancelSigned: ['cancelDealSigned', 'deals cancel-signed'], withdraw: ['withdrawDeals', 'deals withdraw'],
    },
    others: { owner: [...ownership, 'allowToken', 'recover'], contracts: ['rule'] },
  },
  liquidityMining: {
    verbs: {
      fund: ['fundLiquidity', 'liquidity fund'], stake: ['stakeLiquidity', 'liquidity stake'], unstake: ['unstakeLiquidity', 'liquidity unstake'], claim: ['claimLiquidity', 'liquidity claim'],
      emergencyExit: ['exitLiquidity', 'liquidity exit'],
    },
    others: { owner: [...ownership, 'schedule'] },
  },
  subscriptions: {
    verbs: {
      subscribe: ['subscribe', 'subscriptions start'], renew: ['renewSubscription', 'subscriptions renew'], renewNow: ['renewSubscription', 'subscriptions renew'], cancel: ['cancelSubscription', 'subscriptions cancel'],
      requestKey: ['requestKey', 'subscriptions request'], claim: ['claimSubscriptions', 'subscriptions claim'], closePlan: ['closePlan', 'subscriptions close'], reopenPlan: ['reopenPlan', 'subscriptions reopen'],
      withdraw: ['withdrawCredits', 'subscriptions withdraw'], withdrawToken: ['withdrawTokens', 'account withdraw-token'],
    },
    others: { roles: ['grant'] },
  },
  curation: {
    verbs: {
      approve: ['approveAsset', 'curation approve'], suspend: ['suspendAsset', 'curation suspend'], reinstate: ['reinstateAsset', 'curation reinstate'], appeal: ['appealSuspension', 'curation appeal'],
      release: ['releaseBond', 'curation release'], slash: ['slashBond', 'curation slash'], withdraw: credits,
    },
    others: { owner: [...ownership, 'setCurator', 'setParams'], contracts: ['enter', 'rule'] },
  },
  reviews: { verbs: { review: ['reviewOrder', 'reviews write'], edit: ['reviewOrder', 'reviews write'] }, others: {} },
};
