import {
  activitySchema, appealStates, assetKinds, attestationSchema, ballotSchema, challengeKinds, challengeOutcomes, challengeSchema, challengeStages, curationSchema, curationStatuses, disputePhases, disputeStates, evidenceSchema, faults, grantSchema, jobStates, jurySchema, keyRequestSchema,
  listingKinds, manifestColumnSchema, milestoneSchema, milestoneStates, orderDisputeSchema, orderStates, progressSchema, proposalStates, roundKinds, roundSchema, routes, scopes, seatSchema, seatStates, userRoles, verdicts, versionStatuses,
} from '@neurodata/protocol';
import type { Types } from './createTypes.ts';

/** Names for what several documents have in common; the rest is called after the place where it is. */
export function nameParts(types: Types): void {
  const words = {
    AssetKind: assetKinds, VersionStatus: versionStatuses, ListingKind: listingKinds, OrderState: orderStates, JobState: jobStates, RoundKind: roundKinds, Verdict: verdicts, Fault: faults, ChallengeKind: challengeKinds, ChallengeStage: challengeStages,
    ChallengeOutcome: challengeOutcomes, ProposalState: proposalStates, MilestoneState: milestoneStates, OrderDisputeState: disputeStates, DisputePhase: disputePhases, SeatState: seatStates, CurationStatus: curationStatuses, AppealState: appealStates, Scope: scopes, UserRole: userRoles,
  };
  for (const [name, list] of Object.entries(words)) types.words(name, list);
  const objects = {
    Activity: activitySchema, Attestation: attestationSchema, Round: roundSchema, Curation: curationSchema, Column: manifestColumnSchema, Grant: grantSchema, OrderDispute: orderDisputeSchema, KeyRequest: keyRequestSchema, Progress: progressSchema, Challenge: challengeSchema,
    Evidence: evidenceSchema, Milestone: milestoneSchema, Seat: seatSchema, Jury: jurySchema, Ballot: ballotSchema,
  };
  for (const [name, schema] of Object.entries(objects)) types.object<object>(name, schema);
  const { sort, curation } = routes.listAssets.query.shape;
  types.words('AssetSort', sort.unwrap().options);
  types.words('CurationChoice', curation.unwrap().options);
}
