import { z } from 'zod';
import { manifestColumnSchema } from './manifestColumn.ts';
import { addressSchema, amountSchema, cidSchema, hex32Schema, hexSchema, secondsSchema } from './schemas.ts';
import { appealStates, assetKinds, challengeKinds, challengeOutcomes, challengeStages, curationStatuses, disputeStates, faults, jobStates, listingKinds, orderStates, roundKinds, verdicts, versionStatuses } from './states.ts';

/** Where on chain a fact comes from. */
const anchorSchema = z.object({ transaction: hex32Schema, block: z.number().int(), at: secondsSchema });
export type Anchor = z.output<typeof anchorSchema>;

/** One line of an asset's, order's or job's history. */
export const activitySchema = anchorSchema.extend({
  /** Name of the contract event, e.g. `OrderGranted`. */
  event: z.string(),
  account: addressSchema.optional(),
  /** Gas of the whole transaction. */
  gasUsed: z.number().int().optional(),
});
export type Activity = z.output<typeof activitySchema>;

export const addressesSchema = z.object({
  neuroCoin: addressSchema, staking: addressSchema, validators: addressSchema, assetRegistry: addressSchema, market: addressSchema, training: addressSchema,
  subscriptions: addressSchema, neuroVotes: addressSchema, timelock: addressSchema, governor: addressSchema, guardian: addressSchema,
  disputes: addressSchema, orderDisputes: addressSchema, challenges: addressSchema, milestoneEscrow: addressSchema, liquidityMining: addressSchema, reviews: addressSchema, curation: addressSchema, privateOffers: addressSchema,
  custody: addressSchema, workers: addressSchema, accusations: addressSchema, trials: addressSchema,
});
export type Addresses = z.output<typeof addressesSchema>;
export const deploymentSchema = z.object({ chainId: z.number().int(), block: z.number().int(), addresses: addressesSchema });
export type Deployment = z.output<typeof deploymentSchema>;

export const configSchema = z.object({
  version: z.string(),
  deployment: deploymentSchema,
  /** Path or URL of the JSON-RPC door. */
  rpcUrl: z.string(),
  /** True only on the embedded chain: demo wallets and the faucet exist. */
  demo: z.boolean(),
  engineId: hex32Schema,
  feeBps: z.number().int(),
  roundFee: amountSchema,
  /** Put up with each new asset; comes back with its review. */
  listingBond: amountSchema,
  windows: z.object({ grant: z.number(), confirm: z.number(), dispute: z.number(), jobOpen: z.number(), jobRun: z.number() }),
  /** How the site reaches wallets on other devices; absent where the operator has no project id of WalletConnect. */
  walletConnect: z.object({ projectId: z.string(), relayUrl: z.string() }).optional(),
});
export type Config = z.output<typeof configSchema>;

export const readinessSchema = z.object({ ready: z.boolean(), parts: z.record(z.string(), z.object({ ready: z.boolean(), reason: z.string().optional() })) });
export type Readiness = z.output<typeof readinessSchema>;

export const demoAccountSchema = z.object({ name: z.string(), role: z.string(), address: addressSchema, privateKey: hex32Schema });
export type DemoAccount = z.output<typeof demoAccountSchema>;

export const listingSchema = z.object({
  listingId: z.number().int(),
  assetId: z.number().int(),
  seller: addressSchema,
  kind: z.enum(listingKinds),
  /** Base units of NCR, or of `token`. */
  price: amountSchema,
  /** The ERC-20 that the price is in; null for NCR. */
  token: addressSchema.nullable(),
  /** How long one price lasts; 0 but for subscriptions. */
  periodMinutes: z.number().int(),
  firstVersion: z.number().int(),
  /** 0: every later version too. */
  lastVersion: z.number().int(),
  retired: z.boolean(),
  modelShareBps: z.number().int(),
  termsDigest: hex32Schema,
  /** Base units of NCR for a trial run, besides worker and validators. */
  trialFee: amountSchema,
  /** Trial runs that an account may have; 0: none are offered. */
  trialCap: z.number().int(),
});
export type ListingDto = z.output<typeof listingSchema>;

export const attestationSchema = z.object({
  validatorId: z.number().int(),
  account: addressSchema,
  committed: z.boolean(),
  verdict: z.enum(verdicts),
  evidence: hex32Schema.optional(),
  transaction: hex32Schema.optional(),
  /** Base units, once the round has ended. */
  reward: amountSchema,
  /** Why this member lost stake, and how much. */
  fault: z.enum(faults).optional(),
  penalty: amountSchema.optional(),
  /** Members who say that its evidence is not that of somebody who did the work. */
  accusers: z.number().int(),
});
export const roundSchema = z.object({
  roundId: hex32Schema,
  kind: z.enum(roundKinds),
  subject: hex32Schema,
  fee: amountSchema,
  verdict: z.enum(verdicts),
  settled: z.boolean(),
  openedAt: secondsSchema,
  commitUntil: secondsSchema.optional(),
  revealUntil: secondsSchema.optional(),
  committee: z.array(attestationSchema),
});
export type RoundDto = z.output<typeof roundSchema>;

/** Who holds the key of a version now: `threshold` of them together release it. `epoch`: how often it was handed on. */
export const keysetHoldersSchema = z.object({
  assetId: z.number().int(), kind: z.enum(assetKinds), title: z.string(), version: z.number().int(), status: z.enum(versionStatuses), holders: z.array(z.number().int()), threshold: z.number().int(), epoch: z.number().int(),
});
export type KeysetHolders = z.output<typeof keysetHoldersSchema>;

/** Who of the validators shares in what, newest first: rounds with their committees, and keys with their holders. */
export const networkSchema = z.object({ rounds: z.array(roundSchema), keysets: z.array(keysetHoldersSchema) });
export type Network = z.output<typeof networkSchema>;

export const versionDtoSchema = anchorSchema.extend({
  assetId: z.number().int(),
  version: z.number().int(),
  status: z.enum(versionStatuses),
  reason: hex32Schema.optional(),
  manifestDigest: hex32Schema,
  manifestCid: cidSchema,
  contentRoot: hex32Schema,
  contentCommitment: hex32Schema,
  keyCommitment: hex32Schema,
  committee: z.array(z.number().int()),
  threshold: z.number().int(),
  validatorsMayRead: z.boolean(),
  round: roundSchema.optional(),
});
export type VersionDto = z.output<typeof versionDtoSchema>;

/** A parent of an asset. `run`: the chain proves it by the job that made the model; `declared`: its publisher says so. */
export const parentSchema = z.object({
  kind: z.enum(['run', 'declared']), assetId: z.number().int(), title: z.string(), version: z.number().int(), shareBps: z.number().int(), jobId: hex32Schema.optional(),
  /** That version is not sold any more: its owner revoked it, or validators found it wrong. */
  withdrawn: z.enum(['revoked', 'refused']).optional(),
});
export type ParentDto = z.output<typeof parentSchema>;

/** Curation: whether anybody has reviewed an asset, and what holds of its listing bond. */
export const curationSchema = z.object({
  status: z.enum(curationStatuses),
  /** Why; absent while nobody has said anything. */
  reason: z.string().optional(),
  /** Who brought it there: a curator, or whoever poked the contract. */
  author: addressSchema.optional(),
  /** Pending: the review ends; suspended: the owner may appeal until then. */
  until: secondsSchema.optional(),
  /** Base units of NCR that are held. */
  bond: amountSchema,
  appeal: z.enum(appealStates),
  /** Before the jurors: the appeal of the last suspension, also once it was decided. */
  disputeId: z.number().int().optional(),
});
export type CurationDto = z.output<typeof curationSchema>;

/** An asset as lists show it. Texts come from its newest manifest that could be read and checked. */
export const assetSummarySchema = z.object({
  assetId: z.number().int(),
  kind: z.enum(assetKinds),
  owner: addressSchema,
  title: z.string(),
  summary: z.string(),
  license: z.string(),
  tags: z.array(z.string()),
  status: z.enum(versionStatuses),
  curation: curationSchema,
  latestVersion: z.number().int(),
  rows: z.number().int().optional(),
  columns: z.number().int().optional(),
  sealedSize: z.number().int().optional(),
  /** True where the publisher told the key: everybody may read what is in it. */
  open: z.boolean().optional(),
  publishedAt: secondsSchema,
  /** The lowest in NCR, for the newest version. */
  downloadPrice: amountSchema.optional(),
  computePrice: amountSchema.optional(),
  /** The lowest download price in each other token, in base units of it. */
  tokenPrices: z.array(z.object({ token: addressSchema, price: amountSchema })),
  orders: z.number().int(),
  runs: z.number().int(),
});
export type AssetSummary = z.output<typeof assetSummarySchema>;

export const assetSchema = assetSummarySchema.extend({
  description: z.string(),
  source: z.string().optional(),
  columnList: z.array(manifestColumnSchema),
  versions: z.array(versionDtoSchema),
  listings: z.array(listingSchema),
  /** The asset's parents, in ascending order. */
  lineage: z.array(parentSchema),
  /** Assets whose lineage names this one; `jobId` where a run made them. */
  derived: z.array(z.object({ assetId: z.number().int(), kind: z.enum(assetKinds), title: z.string(), jobId: hex32Schema.optional() })),
  /** A few of its rows, as an asset of its own, to try a purchase on. */
  sampleAssetId: z.number().int().optional(),
  /** The asset whose sample this is. */
  sampleOf: z.object({ assetId: z.number().int(), kind: z.enum(assetKinds), title: z.string() }).optional(),
  /** Reviews by buyers: how many, and the sum of their ratings. */
  ratings: z.object({ count: z.number().int(), sum: z.number().int() }),
  /** Why this node shows it in no list; what was bought stays with its buyers. */
  hidden: z.string().optional(),
  activity: z.array(activitySchema),
});
export type AssetDto = z.output<typeof assetSchema>;

export const grantSchema = anchorSchema.extend({ validatorId: z.number().int(), sealedShare: hexSchema });
/** How far the dispute of an order has come: validators look first, then jurors if a party asks them. */
export const orderDisputeSchema = z.object({
  state: z.enum(disputeStates),
  /** Until when validators answer, or a party may ask jurors; then anybody may resolve it. Absent while jurors sit and once it is over. */
  until: secondsSchema.optional(),
  /** Its number before the jurors. */
  disputeId: z.number().int().optional(),
  /** Who asked the jurors, and what was paid for them. */
  escalatedBy: addressSchema.optional(),
  cost: amountSchema.optional(),
});
export type OrderDisputeDto = z.output<typeof orderDisputeSchema>;
export const orderSchema = z.object({
  orderId: hex32Schema,
  listingId: z.number().int(),
  assetId: z.number().int(),
  assetTitle: z.string(),
  version: z.number().int(),
  buyer: addressSchema,
  seller: addressSchema,
  /** Base units of NCR, or of `token`. */
  price: amountSchema,
  /** The ERC-20 that was paid in; null for NCR. */
  token: addressSchema.nullable(),
  recipientKey: hex32Schema,
  state: z.enum(orderStates),
  threshold: z.number().int(),
  openedAt: secondsSchema,
  changedAt: secondsSchema,
  /** Until when what may happen next; absent where the state is final. */
  deadline: secondsSchema.optional(),
  /** Whose turn it is: one sentence's worth of facts. */
  turn: z.enum(['validators', 'buyer', 'seller', 'parties', 'jurors', 'anybody', 'nobody']),
  grants: z.array(grantSchema),
  round: roundSchema.optional(),
  dispute: orderDisputeSchema.optional(),
  activity: z.array(activitySchema),
});
export type OrderDto = z.output<typeof orderSchema>;

/** One request for the key of a version, and the shares that answered it. */
export const keyRequestSchema = anchorSchema.extend({
  version: z.number().int(),
  recipientKey: hex32Schema,
  threshold: z.number().int(),
  grants: z.array(grantSchema),
});
export const subscriptionSchema = z.object({
  subscriptionId: hex32Schema,
  listingId: z.number().int(),
  assetId: z.number().int(),
  assetTitle: z.string(),
  account: addressSchema,
  seller: addressSchema,
  /** Of a period; base units of NCR, or of `token`. */
  price: amountSchema,
  token: addressSchema.nullable(),
  /** Seconds. */
  period: z.number().int(),
  startedAt: secondsSchema,
  paidUntil: secondsSchema,
  running: z.boolean(),
  /** It runs to its end and cannot be renewed. */
  closed: z.boolean(),
  /** Paid and neither claimed nor returned; base units. */
  held: amountSchema,
  /** What cancelling would return now; base units. */
  refundable: amountSchema,
  /** What is paid for the time before this is not returned: a key was granted in the running period. Else absent. */
  keptUntil: secondsSchema.optional(),
  /** Cancelling waits until then, because validators may still answer a request. Else absent. */
  cancelFrom: secondsSchema.optional(),
  /** Newest first. */
  requests: z.array(keyRequestSchema),
  activity: z.array(activitySchema),
});
export type SubscriptionDto = z.output<typeof subscriptionSchema>;

export const progressSchema = z.object({
  stage: z.enum(['waiting', 'fetching', 'unsealing', 'training', 'sealing', 'submitting', 'validating', 'done', 'failed']),
  step: z.number().int(),
  maxSteps: z.number().int(),
  loss: z.number().optional(),
  lossCurve: z.array(z.number()),
  /** Of the training, at most, by the worker's word. */
  secondsLeft: z.number().nonnegative().optional(),
  message: z.string().optional(),
  updatedAt: secondsSchema,
});
export type Progress = z.output<typeof progressSchema>;

export const challengeSchema = z.object({
  challengeId: z.number().int(),
  jobId: hex32Schema,
  challenger: addressSchema,
  kind: z.enum(challengeKinds),
  stage: z.enum(challengeStages),
  outcome: z.enum(challengeOutcomes).optional(),
  counterRoot: hex32Schema,
  bond: amountSchema,
  /** The step in question leads from position `low` to position `high`: 0 the start, k the k-th checkpoint; absent while it is the whole run. */
  low: z.number().int(),
  high: z.number().int().optional(),
  openedAt: secondsSchema,
  /** The clock of the next move. */
  moveUntil: secondsSchema.optional(),
  /** The referees. */
  round: roundSchema.optional(),
  activity: z.array(activitySchema),
});
export type ChallengeDto = z.output<typeof challengeSchema>;

export const jobSchema = z.object({
  jobId: hex32Schema,
  listingId: z.number().int(),
  assetId: z.number().int(),
  assetTitle: z.string(),
  version: z.number().int(),
  buyer: addressSchema,
  specDigest: hex32Schema,
  specCid: cidSchema,
  recipientKey: hex32Schema,
  price: amountSchema,
  /** What its worker asks; the most that one may ask while it has none. */
  workerFee: amountSchema,
  validationFee: amountSchema,
  state: z.enum(jobStates),
  worker: addressSchema.optional(),
  bond: amountSchema.optional(),
  /** Work, see `needsOfRun`. */
  units: z.number().int(),
  /** The most that a worker may ask. What its worker asks less comes back with the receipt. */
  maxWorkerFee: amountSchema,
  /** Who claimed it and fell silent, in order. */
  lost: z.array(addressSchema),
  openedAt: secondsSchema,
  changedAt: secondsSchema,
  deadline: secondsSchema.optional(),
  receipt: z.object({ receiptDigest: hex32Schema, receiptCid: cidSchema, modelDigest: hex32Schema, checkpointRoot: hex32Schema, engineId: hex32Schema, checkpoints: z.number().int(), totalSteps: z.number().int() }).optional(),
  round: roundSchema.optional(),
  challenges: z.array(challengeSchema),
  progress: progressSchema.optional(),
  modelAssetId: z.number().int().optional(),
  activity: z.array(activitySchema),
});
export type JobDto = z.output<typeof jobSchema>;

export const validatorSchema = z.object({
  validatorId: z.number().int(), account: addressSchema, encryptionKey: hex32Schema, endpoint: z.string(), active: z.boolean(), stake: amountSchema,
  rounds: z.number().int(), revealed: z.number().int(), earned: amountSchema,
});
export type ValidatorDto = z.output<typeof validatorSchema>;
/** `pricePerUnit` in base units of NCR for a unit of work, see `needsOfRun`; `runtimes` are engine ids. */
export const workerSchema = z.object({
  account: addressSchema, endpoint: z.string(), active: z.boolean(), stake: amountSchema, cores: z.number().int(), memoryMiB: z.number().int(), pricePerUnit: amountSchema, runtimes: z.array(hex32Schema),
  /** Receipts handed in, and claims lost by silence. */
  runs: z.number().int(), lost: z.number().int(),
});
export type WorkerDto = z.output<typeof workerSchema>;

export const accountSchema = z.object({
  address: addressSchema, gasBalance: amountSchema, balance: amountSchema, stake: amountSchema,
  /** Credited by Market, OrderDisputes, Training, Challenges, Validators, Subscriptions and Accusations and not yet withdrawn. */
  owed: z.object({ market: amountSchema, orderDisputes: amountSchema, training: amountSchema, challenges: amountSchema, validators: amountSchema, curation: amountSchema, subscriptions: amountSchema, accusations: amountSchema }),
  /** The same in other tokens that something was ever offered in, where it is not 0; base units of each. */
  owedTokens: z.array(z.object({ token: addressSchema, market: amountSchema, subscriptions: amountSchema })),
  /** Orders whose money this seller could claim now. */
  claimable: z.array(hex32Schema),
});
export type AccountDto = z.output<typeof accountSchema>;

export const statsSchema = z.object({
  head: z.number().int(), indexed: z.number().int(),
  /** Those that searches find: no samples, nothing that is suspended or hidden. */
  assets: z.number().int(), orders: z.number().int(), jobs: z.number().int(), validators: z.number().int(),
  /** Base units of NCR. */
  inEscrow: amountSchema, volume: amountSchema,
  /** Orders in other tokens, in base units of each. */
  otherTokens: z.array(z.object({ token: addressSchema, inEscrow: amountSchema, volume: amountSchema })),
});
export type Stats = z.output<typeof statsSchema>;

/** Server-sent live changes: what changed, so that a page knows what to read again. */
export const changeSchema = z.object({ block: z.number().int(), topics: z.array(z.string()) });
export type Change = z.output<typeof changeSchema>;
