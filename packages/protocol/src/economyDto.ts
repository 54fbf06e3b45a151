import { z } from 'zod';
import { activitySchema } from './dto.ts';
import { addressSchema, amountSchema, cidSchema, hex32Schema, hexSchema, secondsSchema } from './schemas.ts';
import { sellerReplySchema } from './sellerReply.ts';
import { assetKinds, disputePhases, milestoneStates, proposalStates, seatStates } from './states.ts';

/** ERC-1497 evidence: `address` is where the text is, `ipfs://...` by rule, and text from strangers. */
export const evidenceSchema = z.object({ party: addressSchema, address: z.string(), transaction: hex32Schema, block: z.number().int(), at: secondsSchema });
export type EvidenceDto = z.output<typeof evidenceSchema>;

export const milestoneSchema = z.object({
  /** From 0. */
  index: z.number().int(),
  /** Base units of the deal's token; what is left, and what has become either side's of it. */
  amount: amountSchema,
  left: amountSchema,
  toSeller: amountSchema,
  toBuyer: amountSchema,
  state: z.enum(milestoneStates),
  deadline: secondsSchema,
  /** Until when the present state waits for somebody; later anybody may settle it. Absent while jurors decide, and at the end. */
  until: secondsSchema.optional(),
  /** Of what was delivered. */
  digest: hex32Schema.optional(),
  disputeId: z.number().int().optional(),
});
export const dealSchema = z.object({
  dealId: hex32Schema,
  buyer: addressSchema,
  seller: addressSchema,
  /** Who rules on contested milestones; absent for nobody. */
  arbiter: addressSchema.optional(),
  /** Whether the arbiter is the jurors' contract. */
  jurors: z.boolean(),
  token: addressSchema,
  total: amountSchema,
  left: amountSchema,
  state: z.enum(['open', 'ended', 'cancelled', 'recovered']),
  /** Where the agreement's text is; text from strangers. */
  terms: z.string(),
  milestones: z.array(milestoneSchema),
  /** A standing offer to end it with this much for the seller. */
  offer: z.object({ party: addressSchema, toSeller: amountSchema, at: secondsSchema }).optional(),
  openedAt: secondsSchema,
  changedAt: secondsSchema,
  activity: z.array(activitySchema),
});
export type DealDto = z.output<typeof dealSchema>;

export const seatSchema = z.object({
  juror: addressSchema,
  /** A juror may be drawn for several seats of a round. */
  count: z.number().int(),
  state: z.enum(seatStates),
  vote: z.number().int().optional(),
  /** Base units of NCR that silence has cost. */
  penalty: amountSchema,
});
export const jurySchema = z.object({
  /** From 0. */
  number: z.number().int(),
  payer: addressSchema,
  /** Seats; 0: governance is asked. */
  size: z.number().int(),
  fee: amountSchema,
  bond: amountSchema,
  openedAt: secondsSchema,
  drawUntil: secondsSchema.optional(),
  commitUntil: secondsSchema.optional(),
  revealUntil: secondsSchema.optional(),
  appealUntil: secondsSchema.optional(),
  /** What it says if it were the last; a tie is 0, no vote at all leaves the ruling of the round before. */
  ruling: z.number().int(),
  votes: z.array(z.object({ ruling: z.number().int(), seats: z.number().int() })),
  seats: z.array(seatSchema),
});
export const disputeSchema = z.object({
  disputeId: z.number().int(),
  arbitrable: addressSchema,
  /** The milestone that it is about, where a deal asked. */
  deal: z.object({ dealId: hex32Schema, index: z.number().int() }).optional(),
  /** The order that it is about, where one of its parties asked. */
  orderId: hex32Schema.optional(),
  /** What that order bought, or the asset whose suspension its owner appealed. */
  asset: z.object({ assetId: z.number().int(), kind: z.enum(assetKinds), title: z.string() }).optional(),
  phase: z.enum(disputePhases),
  /** The end of the phase. */
  deadline: secondsSchema.optional(),
  /** Final, or what the last round says so far. */
  ruling: z.number().int(),
  byGovernance: z.boolean(),
  executed: z.boolean(),
  burnt: amountSchema,
  rounds: z.array(jurySchema),
  evidence: z.array(evidenceSchema),
  openedAt: secondsSchema,
  changedAt: secondsSchema,
  activity: z.array(activitySchema),
});
export type DisputeDto = z.output<typeof disputeSchema>;

export const jurorSchema = z.object({
  account: addressSchema, tickets: z.number().int(), active: z.boolean(),
  /** Rounds in which it had a seat, voted in time, and was put out for silence. */
  rounds: z.number().int(), revealed: z.number().int(), silent: z.number().int(),
});
export type JurorDto = z.output<typeof jurorSchema>;

export const reviewSchema = z.object({
  orderId: hex32Schema,
  assetId: z.number().int(),
  reviewer: addressSchema,
  rating: z.number().int().min(1).max(5),
  /** The text's digest and address; absent where the review has no text. */
  digest: hex32Schema.optional(),
  textCid: cidSchema.optional(),
  edited: z.boolean(),
  writtenAt: secondsSchema,
  changedAt: secondsSchema,
  transaction: hex32Schema,
  /** Runs of its author on the asset that validators repeated, and how much the review counts for it, see `reviewWeight`. */
  verifiedRuns: z.number().int(),
  weight: z.number().int(),
  reply: sellerReplySchema.optional(),
  /** This node does not show its text, and why. */
  hidden: z.string().optional(),
});
export type ReviewDto = z.output<typeof reviewSchema>;

export const ballotSchema = z.object({ voter: addressSchema, support: z.enum(['against', 'for', 'abstain']), weight: amountSchema, reason: z.string(), transaction: hex32Schema, block: z.number().int(), at: secondsSchema });
export const proposalSchema = z.object({
  /** 256 bits, in decimal digits. */
  proposalId: z.string().regex(/^\d{1,78}$/),
  proposer: addressSchema,
  /** Text from strangers. */
  description: z.string(),
  /** `text` says the call in words of the contract's interface, where its target is one of the system's. */
  calls: z.array(z.object({ target: addressSchema, value: amountSchema, data: hexSchema, text: z.string().optional() })),
  state: z.enum(proposalStates),
  voteStart: secondsSchema,
  voteEnd: secondsSchema,
  /** From when on it may be executed. */
  eta: secondsSchema.optional(),
  votes: z.object({ against: amountSchema, for: amountSchema, abstain: amountSchema }),
  /** Votes for and abstaining that it needs; absent until voting begins. */
  quorum: amountSchema.optional(),
  ballots: z.array(ballotSchema),
  openedAt: secondsSchema,
  transaction: hex32Schema,
});
export type ProposalDto = z.output<typeof proposalSchema>;

export const stakeSchema = z.object({ account: addressSchema, stake: amountSchema, lent: amountSchema });
export type StakeDto = z.output<typeof stakeSchema>;

export const delegationSchema = z.object({
  delegator: addressSchema,
  validator: addressSchema,
  /** Base units of NCR: there now, after all slashing; and on its way out until `availableAt`. */
  amount: amountSchema,
  leaving: amountSchema,
  availableAt: secondsSchema.optional(),
  /** Earned and not claimed; and claimed so far. */
  rewards: amountSchema,
  claimed: amountSchema,
  /** Lent and taken back over the whole time. */
  lent: amountSchema,
  takenBack: amountSchema,
});
export type DelegationDto = z.output<typeof delegationSchema>;

export const poolSchema = z.object({
  token: addressSchema,
  /** Base units of the token, and by how many accounts. */
  staked: amountSchema,
  accounts: z.number().int(),
  /** Base units of NCR: scheduled over the whole time, and paid. */
  scheduled: amountSchema,
  paid: amountSchema,
  endsAt: secondsSchema,
  /** Of the account that was asked for. */
  position: z.object({ account: addressSchema, amount: amountSchema, paid: amountSchema }).optional(),
});
export type PoolDto = z.output<typeof poolSchema>;
