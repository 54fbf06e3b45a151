import { formatNcr } from './amounts.ts';
import type { Addresses } from './dto.ts';

/**
 * What a call to a contract does, by contract and function. `{name}` stands for the argument of that name, dots go into
 * structs, `{name:ncr}` is an amount in base units of NCR, `{name:percent}` basis points, and `{name:count order}` a number or
 * the length of a list with what is counted ("1 order", "2 orders").
 */
export const callSentences: Partial<Record<keyof Addresses, Record<string, string>>> = {
  neuroCoin: {
    transfer: 'Send {value:ncr} to {to}', transferFrom: 'Move {value:ncr} from {from} to {to}', approve: 'Let {spender} take up to {value:ncr}', permit: 'Let {spender} take up to {value:ncr} of {owner}',
    burn: 'Burn {value:ncr}', burnFrom: 'Burn {value:ncr} of {account}', mint: 'Mint {amount:ncr} for {to}', setBudget: 'Let {minter} mint {amount:ncr}', crosschainMint: 'Bring {amount:ncr} over a bridge to {to}', crosschainBurn: 'Take {amount:ncr} of {from} over a bridge',
    setAdapter: 'Let bridge {adapter_} mint up to {mintCapacity:ncr} and burn up to {burnCapacity:ncr} within {window:count second}',
  },
  neuroVotes: {
    wrap: 'Turn {amount:ncr} into votes, delegated to {delegatee}', unwrap: 'Turn votes back into {amount:ncr}', delegate: 'Delegate all votes to {delegatee}', delegateBySig: 'Delegate the signer’s votes to {delegatee}',
    transfer: 'Send votes worth {value:ncr} to {to}', depositFor: 'Turn {value:ncr} into votes of {account}', withdrawTo: 'Turn votes back into {value:ncr} for {account}',
  },
  staking: {
    stake: 'Put {amount:ncr} at stake', unbond: 'Start taking {amount:ncr} out of stake', withdraw: 'Collect what has finished unbonding', claimRewards: 'Collect the rewards on stake', fundPool: 'Pay {amount:ncr} into the pool that rewards stake',
    delegate: 'Lend {amount:ncr} of stake to {validator}', undelegate: 'Start taking {amount:ncr} back from {validator}', withdrawDelegation: 'Collect what has finished leaving {validator}', claimDelegationRewards: 'Collect the rewards on what is lent to {validator}',
    setRate: 'Set the yearly rate on stake to {rateBps_:percent}',
  },
  assetRegistry: {
    publish: 'Publish an asset with manifest {input.manifestDigest}', publishDerived: 'Publish an asset made from {parents:count other}, with manifest {input.manifestDigest}', publishModel: 'Publish the model of run {jobId}',
    addVersion: 'Publish a new version of asset {assetId}', retryRound: 'Ask for another round about asset {assetId}, version {version_}', revokeVersion: 'Revoke version {version_} of asset {assetId}', releaseReserve: 'Release the dispute reserve of asset {assetId}, version {version_}',
    setRoyalty: 'Ask a royalty of {bps:percent} on resales of asset {assetId}', linkSample: 'Name asset {sampleAssetId} the sample of asset {assetId}', transferFrom: 'Move asset {tokenId} from {from} to {to}', safeTransferFrom: 'Move asset {tokenId} from {from} to {to}',
  },
  market: {
    buy: 'Buy offer {listingId}, version {version}', buyWithPermit: 'Buy offer {listingId}, version {version}', batchBuy: 'Buy {purchases:count offer} at once', gift: 'Buy offer {listingId} for {to}',
    grant: 'Grant {grants:count key share} to buyers', confirm: 'Confirm order {orderId}, which frees its money', refund: 'Return the money of order {orderId} to its buyer', claim: 'Collect the money of {orderIds:count order} for {seller}',
    createListing: 'Offer asset {input.assetId} for {input.price:ncr}', createListingWith: 'Offer asset {input.assetId} by the period, in another token, or with several payees', retireListing: 'Withdraw offer {listingId}',
    withdraw: 'Collect what sales have credited', withdrawToken: 'Collect what sales have credited in token {token_}', setParams: 'Change the fee and the deadlines of sales', allowToken: 'Let offers be priced in token {token_}, or no more', setGuardian: 'Make {guardian_} the guardian of sales', syncPause: 'Take over the guardian’s pause',
  },
  subscriptions: {
    subscribe: 'Subscribe to offer {listingId} for {periods:count period}', renew: 'Renew subscription {id} by {periods:count period}', cancel: 'Cancel subscription {id}', requestKey: 'Ask for the key of version {version} under subscription {id}',
    grant: 'Grant {grants:count key share} to subscribers', claim: 'Credit the seller with the periods of {subscriptionIds:count subscription}', withdraw: 'Collect what subscriptions have credited', withdrawToken: 'Collect what subscriptions have credited in token {token_}',
  },
  privateOffers: { accept: 'Accept the private offer of asset {offer.assetId} by {offer.seller}', acceptFor: 'Accept a private offer of asset {offer.assetId} for {offer.buyer}', cancelOffer: 'Take private offer {offerHash} back', cancelAll: 'Take all private offers back' },
  training: {
    openJob: 'Order a training run on offer {input.listingId}, for at most {input.maxTotal:ncr}', claimJob: 'Take run {jobId} on', heartbeat: 'Report that run {jobId} is at step {step}', submitReceipt: 'Hand in the receipt of run {jobId}', finalize: 'Settle run {jobId}',
    cancelJob: 'Cancel run {jobId}', refundJob: 'Return the money of run {jobId}', redraw: 'Draw another worker for run {jobId}', takeOver: 'Take run {jobId} over from a silent worker', setParams: 'Change the fee, the bonds and the deadlines of runs', withdraw: 'Collect what runs have credited',
  },
  challenges: { challenge: 'Challenge the verdict on run {jobId}', appeal: 'Appeal against the verdict on run {jobId}', post: 'Show {posts:count checkpoint} in challenge {challengeId}', poke: 'Move challenge {challengeId} on', revealCanary: 'Reveal that run {jobId} was a canary', setParams: 'Change the bond and the deadline of challenges', withdraw: 'Collect what challenges have credited' },
  validators: {
    commit: 'Commit to a verdict in round {roundId}', reveal: 'Reveal a verdict in round {roundId}', drawCommittee: 'Draw the committee of round {roundId}', settle: 'Settle round {roundId}', accuse: 'Accuse validator {accusedId} in round {roundId} of copying',
    register: 'Register as a validator at {endpoint}', deregister: 'Leave the validators', setEndpoint: 'Move to endpoint {endpoint}', setKey: 'Set encryption key {encryptionKey}', setParams: 'Change the stake, the fee, the deadlines and the penalties of validators', withdraw: 'Collect what validating has credited',
  },
  workers: { register: 'Register as a worker at {endpoint}', setOffer: 'Offer {offer.cores:count core} for {offer.pricePerUnit:ncr} a unit', deregister: 'Leave the workers' },
  custody: { open: 'Have the key of asset {assetId}, version {version}, handed on', draw: 'Draw the new holders of the key of asset {assetId}, version {version}', confirm: 'Confirm the new key shares of asset {assetId}, version {version}' },
  trials: { offer: 'Offer trial runs on offer {listingId} for {fee:ncr} each', open: 'Order a trial run on offer {input.listingId}, for at most {input.maxTotal:ncr}', count: 'Count the fee of trial run {jobId} towards order {orderId}', settle: 'Send the fee of trial run {jobId} where it belongs' },
  accusations: { accuse: 'Accuse validator {validatorId} of a false share in {proofId}', setParams: 'Change what a false share costs', withdraw: 'Collect what accusations have credited' },
  orderDisputes: { dispute: 'Dispute order {orderId}', escalate: 'Take the dispute of order {orderId} to jurors', resolve: 'Resolve the dispute of order {orderId}', setParams: 'Change the deadlines of disputes about orders', submitEvidence: 'Add evidence to order {orderId}', withdraw: 'Collect what disputes have credited' },
  disputes: {
    joinJury: 'Join the jurors with {tickets:count ticket}', leaveJury: 'Leave the jurors', exitJury: 'Free a juror’s stake', draw: 'Draw the jurors of dispute {disputeId}', commit: 'Commit a vote on dispute {disputeId}', reveal: 'Reveal a vote on dispute {disputeId}: ruling {ruling}',
    appeal: 'Appeal the ruling on dispute {disputeId}', conclude: 'Conclude dispute {disputeId}', executeRuling: 'Execute the ruling on dispute {disputeId}', closeSeat: 'Close the seat of silent juror {juror_} in dispute {disputeId}', claimFee: 'Collect a juror’s fee of dispute {disputeId}', submitEvidence: 'Add evidence to dispute {disputeId}',
    setParams: 'Change the size, the stake, the fee and the deadlines of juries', ruleByGovernance: 'Decide dispute {disputeId} by governance: ruling {ruling}', withdraw: 'Collect what disputes have credited',
  },
  milestoneEscrow: {
    open: 'Open a deal with {input.seller} of {input.amounts:count milestone}', deliver: 'Deliver a milestone of deal {dealId}', release: 'Release {amount:count base unit} of deal {dealId}', refund: 'Refund {amount:count base unit} of deal {dealId}', contest: 'Contest a milestone of deal {dealId}', escalate: 'Take a milestone of deal {dealId} to jurors',
    split: 'Split a milestone of deal {dealId}', cancel: 'Cancel deal {dealId}', cancelSigned: 'Cancel deal {dealId}, signed by both', poke: 'Move deal {dealId} on', recover: 'Split deal {dealId} by governance', allowToken: 'Let deals be paid in token {token}, or no more', submitEvidence: 'Add evidence to deal {dealId}', withdraw: 'Collect what deals have credited',
  },
  curation: { approve: 'Approve asset {assetId}', suspend: 'Suspend asset {assetId}, saying “{reason}”', reinstate: 'Reinstate asset {assetId}', appeal: 'Appeal the suspension of asset {assetId}', release: 'Return the bond of asset {assetId}', slash: 'Burn the bond of asset {assetId}', setCurator: 'Make {curator} a curator, or no more', setParams: 'Change the listing bond and the deadlines of curation', withdraw: 'Collect returned bonds' },
  reviews: { review: 'Review order {orderId} with {rating} of 5', edit: 'Change the review of order {orderId} to {rating} of 5' },
  liquidityMining: { stake: 'Stake {amount:count base unit} of liquidity token {lpToken}', unstake: 'Take {amount:count base unit} of liquidity token {lpToken} back', claim: 'Collect the rewards on liquidity token {lpToken}', emergencyExit: 'Take all of liquidity token {lpToken} out without rewards', fund: 'Pay {amount:ncr} into the reserve for liquidity', schedule: 'Schedule {amount:ncr} for liquidity token {lpToken}' },
  governor: { propose: 'Propose: {description}', castVote: 'Vote on proposal {proposalId}', castVoteWithReason: 'Vote on proposal {proposalId}, saying “{reason}”', queue: 'Queue a proposal that won', execute: 'Carry a proposal out', cancel: 'Take a proposal back',
    setProposalThreshold: 'Let who holds votes of {newProposalThreshold:ncr} propose', setQuorumFloor: 'Let the quorum be votes of {floor:ncr} at least', updateQuorumNumerator: 'Let the quorum be {newQuorumNumerator} % of all votes', setVotingDelay: 'Let voting begin {newVotingDelay:count second} after a proposal', setVotingPeriod: 'Let voting last {newVotingPeriod:count second}' },
  guardian: { pause: 'Stop new business for {seconds_:count second}', endPause: 'End the pause', setGuardian: 'Make {guardian_} the guardian' },
  timelock: { updateDelay: 'Carry decisions out {newDelay:count second} after they were queued, at the earliest', execute: 'Carry out what was decided', executeBatch: 'Carry out a decision of {targets:count call}' },
};

/** A decoded call: the contract by its name in the deployment, arguments by name. */
export type NamedCall = { contract: keyof Addresses; functionName: string; args: Record<string, unknown> };

const MOST = 160;

/** What a call does, in one sentence; a call without a sentence is told by its name and arguments. */
export function explainCall({ contract, functionName, args }: NamedCall): string {
  const sentence = callSentences[contract]?.[functionName];
  if (sentence === undefined) {
    const list = Object.entries(args).map(([name, value]) => `${name} ${plain(value)}`).join(', ');
    return (list ? `Call ${functionName} of ${contract} with ${list}` : `Call ${functionName} of ${contract}`).slice(0, 2 * MOST);
  }
  return sentence.replace(/\{([\w.]+)(?::(\w+)(?: ([^}]+))?)?\}/g, (_, path: string, form?: string, noun?: string) => told(at(args, path), form, noun));
}

function at(args: Record<string, unknown>, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined), args);
}

function told(value: unknown, form?: string, noun?: string): string {
  if (form === 'ncr' && (typeof value === 'bigint' || typeof value === 'number')) return BigInt(value) >= 2n ** 255n ? 'unlimited NCR' : `${formatNcr(BigInt(value))} NCR`;
  if (form === 'count') {
    const number = plain(Array.isArray(value) ? value.length : value);
    return `${number} ${noun}${number === '1' ? '' : 's'}`;
  }
  if (form === 'percent') return `${Number(value) / 100} %`;
  return plain(value);
}

/** Text from strangers may hold anything: control characters and line breaks are left out, and it ends somewhere. */
function plain(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'bigint' || typeof value === 'number' ? String(value) : JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? '';
  // oxlint-disable-next-line no-control-regex -- that is what is left out
  const clean = text.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
  return clean.length > MOST ? `${clean.slice(0, MOST)}…` : clean;
}
