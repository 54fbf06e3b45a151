import { NeuroError } from './errors.ts';

/** Order states, in the order of Solidity's `IMarket.OrderState`. */
export const orderStates = ['none', 'open', 'granted', 'disputed', 'released', 'claimed', 'refunded'] as const;
export type OrderState = (typeof orderStates)[number];
export type OrderEvent = 'open' | 'grantQuorum' | 'confirm' | 'dispute' | 'rulingSeller' | 'rulingBuyer' | 'claim' | 'refundLate' | 'refundRefused';

/** Source of truth for the escrow's state machine; Solidity mirrors it and `vectors/states.json` ties both together. */
export const orderTransitions: Record<OrderState, Partial<Record<OrderEvent, OrderState>>> = {
  none: { open: 'open' },
  open: { grantQuorum: 'granted', refundLate: 'refunded', refundRefused: 'refunded' },
  granted: { confirm: 'released', dispute: 'disputed', claim: 'claimed', refundRefused: 'refunded' },
  disputed: { rulingSeller: 'released', rulingBuyer: 'refunded' },
  released: { claim: 'claimed' },
  claimed: {},
  refunded: {},
};

/** States of a dispute about an order's content, in the order of Solidity's `IOrderDisputes.DisputeState`. */
export const disputeStates = ['none', 'round', 'accepted', 'undecided', 'jury', 'dismissed', 'upheld'] as const;
export type DisputeState = (typeof disputeStates)[number];
export type DisputeEvent =
  | 'open' | 'verdictAccept' | 'verdictReject' | 'verdictNone' | 'escalateByBuyer' | 'escalateBySeller' | 'resolveLive' | 'resolveRevoked' | 'resolveRefused'
  | 'ruleBuyer' | 'ruleSeller' | 'ruleNobody';

/**
 * Of a version that validators may read. `resolve..` comes after the deadline, by what the version is then; `ruleNobody`
 * is of jurors who refuse about content that validators accepted. Dismissed orders are the seller's, upheld ones refunded.
 */
export const disputeTransitions: Record<DisputeState, Partial<Record<DisputeEvent, DisputeState>>> = {
  none: { open: 'round' },
  round: { verdictAccept: 'accepted', verdictReject: 'upheld', verdictNone: 'undecided', resolveLive: 'dismissed', resolveRevoked: 'upheld', resolveRefused: 'upheld' },
  accepted: { escalateByBuyer: 'jury', resolveLive: 'dismissed', resolveRevoked: 'dismissed', resolveRefused: 'upheld' },
  undecided: { escalateByBuyer: 'jury', escalateBySeller: 'jury', resolveLive: 'dismissed', resolveRevoked: 'upheld', resolveRefused: 'upheld' },
  jury: { ruleBuyer: 'upheld', ruleSeller: 'dismissed', ruleNobody: 'dismissed' },
  dismissed: {},
  upheld: {},
};

/** Job states, in the order of Solidity's `ITraining.JobState`. */
export const jobStates = ['none', 'open', 'claimed', 'cancelled', 'submitted', 'accepted', 'rejected', 'settled', 'slashed', 'refunded'] as const;
export type JobState = (typeof jobStates)[number];
export type JobEvent = 'open' | 'claim' | 'submit' | 'verdictAccept' | 'verdictReject' | 'verdictNone' | 'cancel' | 'takeOver' | 'finalize' | 'overturn' | 'canary' | 'refundUnclaimed' | 'refundStalled' | 'refundCancelled';

export const jobTransitions: Record<JobState, Partial<Record<JobEvent, JobState>>> = {
  none: { open: 'open' },
  open: { claim: 'claimed', cancel: 'refunded', refundUnclaimed: 'refunded' },
  claimed: { submit: 'submitted', cancel: 'cancelled', takeOver: 'open', refundStalled: 'refunded' },
  cancelled: { submit: 'submitted', refundCancelled: 'refunded' },
  submitted: { verdictAccept: 'accepted', verdictReject: 'rejected', verdictNone: 'refunded' },
  accepted: { finalize: 'settled', overturn: 'slashed', canary: 'refunded' },
  rejected: { finalize: 'slashed', overturn: 'settled', canary: 'refunded' },
  settled: {},
  slashed: {},
  refunded: {},
};

/** The next state of an order; throws CONFLICT where the event is not allowed. */
export function nextOrderState(state: OrderState, event: OrderEvent): OrderState {
  const next = orderTransitions[state][event];
  if (!next) throw new NeuroError(`An order that is ${state} cannot take "${event}".`, { code: 'CONFLICT' });
  return next;
}

/** The next state of a dispute about an order; throws CONFLICT where the event is not allowed. */
export function nextDisputeState(state: DisputeState, event: DisputeEvent): DisputeState {
  const next = disputeTransitions[state][event];
  if (!next) throw new NeuroError(`A dispute that is ${state} cannot take "${event}".`, { code: 'CONFLICT' });
  return next;
}

/** The next state of a job; throws CONFLICT where the event is not allowed. */
export function nextJobState(state: JobState, event: JobEvent): JobState {
  const next = jobTransitions[state][event];
  if (!next) throw new NeuroError(`A job that is ${state} cannot take "${event}".`, { code: 'CONFLICT' });
  return next;
}

export const versionStatuses = ['none', 'pending', 'live', 'refused', 'revoked'] as const;
export type VersionStatus = (typeof versionStatuses)[number];
export const assetKinds = ['dataset', 'model', 'algorithm'] as const;
export type AssetKind = (typeof assetKinds)[number];
export const licenseKinds = ['download', 'compute'] as const;
export type LicenseKind = (typeof licenseKinds)[number];
/** What listings offer, in the order of Solidity's `IMarket.LicenseKind`. */
export const listingKinds = ['download', 'compute', 'subscription'] as const;
export type ListingKind = (typeof listingKinds)[number];
export const roundKinds = ['version', 'run', 'order', 'step', 'grant'] as const;
export type RoundKind = (typeof roundKinds)[number];
/** Kinds, stages and outcomes of challenges, in the order of Solidity's `IChallenges` and `Outcome`. */
export const challengeKinds = ['none', 'step', 'canary', 'appeal'] as const;
export type ChallengeKind = (typeof challengeKinds)[number];
export const challengeStages = ['none', 'playing', 'ready', 'refereed', 'over'] as const;
export type ChallengeStage = (typeof challengeStages)[number];
export const challengeOutcomes = ['void', 'kept', 'doubt', 'silence', 'overturned', 'canary', 'overlooked'] as const;
export type ChallengeOutcome = (typeof challengeOutcomes)[number];
/** Why a validator lost stake, in the order of Solidity's `IValidators.Fault`. `falseGrant`: as whom the round was about, not as its member. */
export const faults = ['none', 'silence', 'minority', 'overruled', 'accused', 'falseGrant'] as const;
export type Fault = (typeof faults)[number];
/** How an accusation of a grant stands, in the order of Solidity's `IAccusations.State`. */
export const accusationStates = ['none', 'open', 'guilty', 'dismissed', 'undecided'] as const;
export type AccusationState = (typeof accusationStates)[number];
export const verdicts = ['none', 'accept', 'reject'] as const;
export type Verdict = (typeof verdicts)[number];

export type ProofKind = 'order' | 'job' | 'round' | 'subscription' | 'owner';
/** What a proof id names, from its first byte: 0x01 order, 0x02 job, 0x03 round, 0x04 subscription, 0x05 an asset's owner. */
export function proofKindOf(proofId: string): ProofKind {
  const kind = ({ '0x01': 'order', '0x02': 'job', '0x03': 'round', '0x04': 'subscription', '0x05': 'owner' } as const)[proofId.slice(0, 4)];
  if (!kind) throw new NeuroError(`${proofId} is neither an order, a job, a round, a subscription nor an owner's id.`, { code: 'BAD_INPUT' });
  return kind;
}

/** A proposal's state, in the numbering of OpenZeppelin's IGovernor. */
export const proposalStates = ['pending', 'active', 'canceled', 'defeated', 'succeeded', 'queued', 'expired', 'executed'] as const;
export type ProposalState = (typeof proposalStates)[number];

/** A milestone's state, in the order of Solidity's `IMilestoneEscrow.MilestoneState`. */
export const milestoneStates = ['none', 'waiting', 'delivered', 'contested', 'escalated', 'closed'] as const;
export type MilestoneState = (typeof milestoneStates)[number];

/** Where a dispute stands, in the order of Solidity's `IDisputes.Phase`. */
export const disputePhases = ['none', 'drawing', 'commit', 'reveal', 'appeal', 'over', 'governance', 'final'] as const;
export type DisputePhase = (typeof disputePhases)[number];
/** What a juror has done with its seats in a round, in the order of Solidity's `IDisputes.SeatState`. */
export const seatStates = ['silent', 'committed', 'revealed', 'closed'] as const;
export type SeatState = (typeof seatStates)[number];

/** What curators say of an asset, in the order of Solidity's `ICuration.Status`. */
export const curationStatuses = ['none', 'pending', 'live', 'suspended'] as const;
export type CurationStatus = (typeof curationStatuses)[number];
/** Of the present suspension, in the order of Solidity's `ICuration.Appeal`. */
export const appealStates = ['none', 'open', 'lost'] as const;
export type AppealState = (typeof appealStates)[number];
