import type { AppealState, AssetKind, Category, ChallengeKind, ChallengeOutcome, ChallengeStage, CurationStatus, DisputeState, Fault, JobState, ListingKind, ManifestColumn, ModelCheckBody, OrderState, Progress, RoundKind, TableCheckBody, Task, Verdict, VersionStatus } from '@neurodata/protocol';
import type { Address, Hex } from 'viem';
import { boolean, customType, doublePrecision, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { address, amount, hex, whole } from './columns.ts';

/** The tables as `migrations/*.sql` make them; what each one holds is said there. */

export * from './discovery.ts';
export * from './economy.ts';
export * from './hostedPins.ts';
export * from './idempotency.ts';
export * from './notifications.ts';
export * from './passkeys.ts';
export * from './trust.ts';
export * from './users.ts';

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

export const cursor = pgTable('cursor', {
  id: integer('id').primaryKey().default(1),
  deployment: text('deployment').notNull(),
  block: whole('block').notNull(),
  hash: hex('hash').notNull(),
  timestamp: whole('timestamp').notNull(),
});

export const blocks = pgTable('blocks', {
  number: whole('number').primaryKey(),
  hash: hex('hash').notNull(),
  parent: hex('parent').notNull(),
  timestamp: whole('timestamp').notNull(),
});

export const events = pgTable('events', {
  block: whole('block').notNull(),
  logIndex: integer('log_index').notNull(),
  transaction: hex('transaction').notNull(),
  timestamp: whole('timestamp').notNull(),
  gasUsed: whole('gas_used').notNull(),
  contract: text('contract').notNull(),
  name: text('name').notNull(),
  subject: text('subject').notNull(),
  assetId: whole('asset_id'),
  account: address('account'),
  topics: jsonb('topics').$type<Hex[]>().notNull(),
  data: text('data').$type<Hex>().notNull(),
  args: jsonb('args').notNull(),
}, (table) => [primaryKey({ columns: [table.block, table.logIndex] })]);

export const assets = pgTable('assets', {
  assetId: whole('asset_id').primaryKey(),
  kind: text('kind').$type<AssetKind>().notNull(),
  owner: address('owner').notNull(),
  publishedAt: whole('published_at').notNull(),
  jobId: hex('job_id'),
  curationStatus: text('curation_status').$type<CurationStatus>().notNull().default('pending'),
  curationReason: text('curation_reason'),
  curationAuthor: address('curation_author'),
  curationUntil: whole('curation_until'),
  bond: amount('bond').notNull().default(0n),
  appeal: text('appeal').$type<AppealState>().notNull().default('none'),
  appealId: whole('appeal_id'),
  sampleAssetId: whole('sample_asset_id'),
});

export const lineage = pgTable('lineage', {
  assetId: whole('asset_id').notNull(),
  parentAssetId: whole('parent_asset_id').notNull(),
  parentVersion: whole('parent_version').notNull(),
  shareBps: integer('share_bps').notNull(),
  jobId: hex('job_id'),
}, (table) => [primaryKey({ columns: [table.assetId, table.parentAssetId, table.parentVersion] })]);

export const versions = pgTable('versions', {
  assetId: whole('asset_id').notNull(),
  version: whole('version').notNull(),
  status: text('status').$type<VersionStatus>().notNull(),
  reason: hex('reason'),
  manifestDigest: hex('manifest_digest').notNull(),
  contentRoot: hex('content_root').notNull(),
  contentCommitment: hex('content_commitment').notNull(),
  keyCommitment: hex('key_commitment').notNull(),
  committee: jsonb('committee').$type<number[]>().notNull(),
  threshold: integer('threshold').notNull(),
  validatorsMayRead: boolean('validators_may_read').notNull(),
  /** How often the key was handed on, and the keyset since; the key commitment's own until then. */
  keyEpoch: integer('key_epoch').notNull().default(0),
  keysetDigest: hex('keyset_digest'),
  /** The subject of its rounds: assetId << 32 | version. */
  subject: hex('subject').notNull(),
  transaction: hex('transaction').notNull(),
  block: whole('block').notNull(),
  at: whole('at').notNull(),
}, (table) => [primaryKey({ columns: [table.assetId, table.version] })]);

export const listings = pgTable('listings', {
  listingId: whole('listing_id').primaryKey(),
  assetId: whole('asset_id').notNull(),
  seller: address('seller').notNull(),
  kind: text('kind').$type<ListingKind>().notNull(),
  price: amount('price').notNull(),
  firstVersion: whole('first_version').notNull(),
  lastVersion: whole('last_version').notNull(),
  modelShareBps: integer('model_share_bps').notNull(),
  termsDigest: hex('terms_digest').notNull(),
  token: address('token'),
  periodMinutes: integer('period_minutes').notNull().default(0),
  retired: boolean('retired').notNull(),
  trialFee: amount('trial_fee').notNull().default(0n),
  trialCap: integer('trial_cap').notNull().default(0),
});

export const orders = pgTable('orders', {
  orderId: hex('order_id').primaryKey(),
  listingId: whole('listing_id').notNull(),
  assetId: whole('asset_id').notNull(),
  version: whole('version').notNull(),
  buyer: address('buyer').notNull(),
  seller: address('seller').notNull(),
  price: amount('price').notNull(),
  recipientKey: hex('recipient_key').notNull(),
  state: text('state').$type<OrderState>().notNull(),
  openedAt: whole('opened_at').notNull(),
  changedAt: whole('changed_at').notNull(),
  openedBlock: whole('opened_block').notNull(),
  openedIndex: integer('opened_index').notNull(),
  roundId: hex('round_id'),
  disputeState: text('dispute_state').$type<DisputeState>(),
  disputeUntil: whole('dispute_until'),
  juryDispute: whole('jury_dispute'),
  juryCost: amount('jury_cost'),
  escalatedBy: address('escalated_by'),
});

export const grants = pgTable('grants', {
  orderId: hex('order_id').notNull(),
  validatorId: integer('validator_id').notNull(),
  sealedShare: hex('sealed_share').notNull(),
  transaction: hex('transaction').notNull(),
  block: whole('block').notNull(),
  at: whole('at').notNull(),
}, (table) => [primaryKey({ columns: [table.orderId, table.validatorId] })]);

export const subscriptions = pgTable('subscriptions', {
  subscriptionId: hex('subscription_id').primaryKey(),
  listingId: whole('listing_id').notNull(),
  assetId: whole('asset_id').notNull(),
  account: address('account').notNull(),
  seller: address('seller').notNull(),
  price: amount('price').notNull(),
  period: whole('period').notNull(),
  startedAt: whole('started_at').notNull(),
  paidUntil: whole('paid_until').notNull(),
  grantedUntil: whole('granted_until').notNull().default(0),
  closed: boolean('closed').notNull().default(false),
  held: amount('held').notNull(),
  openedBlock: whole('opened_block').notNull(),
  openedIndex: integer('opened_index').notNull(),
});

export const keyRequests = pgTable('key_requests', {
  subscriptionId: hex('subscription_id').notNull(),
  block: whole('block').notNull(),
  logIndex: integer('log_index').notNull(),
  version: whole('version').notNull(),
  recipientKey: hex('recipient_key').notNull(),
  transaction: hex('transaction').notNull(),
  at: whole('at').notNull(),
}, (table) => [primaryKey({ columns: [table.subscriptionId, table.block, table.logIndex] })]);

export const keyGrants = pgTable('key_grants', {
  subscriptionId: hex('subscription_id').notNull(),
  requestBlock: whole('request_block').notNull(),
  requestIndex: integer('request_index').notNull(),
  validatorId: integer('validator_id').notNull(),
  sealedShare: hex('sealed_share').notNull(),
  transaction: hex('transaction').notNull(),
  block: whole('block').notNull(),
  at: whole('at').notNull(),
}, (table) => [primaryKey({ columns: [table.subscriptionId, table.requestBlock, table.requestIndex, table.validatorId] })]);

export const jobs = pgTable('jobs', {
  jobId: hex('job_id').primaryKey(),
  listingId: whole('listing_id').notNull(),
  assetId: whole('asset_id').notNull(),
  version: whole('version').notNull(),
  buyer: address('buyer').notNull(),
  specDigest: hex('spec_digest').notNull(),
  recipientKey: hex('recipient_key').notNull(),
  price: amount('price').notNull(),
  workerFee: amount('worker_fee').notNull(),
  validationFee: amount('validation_fee').notNull(),
  state: text('state').$type<JobState>().notNull(),
  worker: address('worker'),
  bond: amount('bond'),
  runUntil: whole('run_until'),
  openedAt: whole('opened_at').notNull(),
  changedAt: whole('changed_at').notNull(),
  openedBlock: whole('opened_block').notNull(),
  openedIndex: integer('opened_index').notNull(),
  receiptDigest: hex('receipt_digest'),
  modelDigest: hex('model_digest'),
  checkpointRoot: hex('checkpoint_root'),
  engineId: hex('engine_id'),
  roundId: hex('round_id'),
  contestableUntil: whole('contestable_until'),
  units: whole('units').notNull(),
  maxWorkerFee: amount('max_worker_fee').notNull(),
  lost: jsonb('lost').$type<Address[]>().notNull(),
  checkpoints: integer('checkpoints'),
  totalSteps: integer('total_steps'),
});

/** `low` and `high` bound the step in question; `high` is empty until the first halving. */
export const challenges = pgTable('challenges', {
  challengeId: whole('challenge_id').primaryKey(),
  jobId: hex('job_id').notNull(),
  challenger: address('challenger').notNull(),
  kind: text('kind').$type<ChallengeKind>().notNull(),
  stage: text('stage').$type<ChallengeStage>().notNull(),
  outcome: text('outcome').$type<ChallengeOutcome>(),
  counterRoot: hex('counter_root').notNull(),
  bond: amount('bond').notNull(),
  low: integer('low').notNull(),
  high: integer('high'),
  moveUntil: whole('move_until').notNull(),
  roundId: hex('round_id'),
  openedAt: whole('opened_at').notNull(),
  changedAt: whole('changed_at').notNull(),
});

export const rounds = pgTable('rounds', {
  roundId: hex('round_id').primaryKey(),
  kind: text('kind').$type<RoundKind>().notNull(),
  subject: hex('subject').notNull(),
  fee: amount('fee').notNull(),
  verdict: text('verdict').$type<Verdict>().notNull(),
  settled: boolean('settled').notNull(),
  anchorBlock: whole('anchor_block').notNull(),
  openedAt: whole('opened_at').notNull(),
  openedBlock: whole('opened_block').notNull(),
  openedIndex: integer('opened_index').notNull(),
  commitUntil: whole('commit_until'),
  revealUntil: whole('reveal_until'),
});

export const attestations = pgTable('attestations', {
  roundId: hex('round_id').notNull(),
  validatorId: integer('validator_id').notNull(),
  position: integer('position').notNull(),
  committed: boolean('committed').notNull(),
  verdict: text('verdict').$type<Verdict>().notNull(),
  evidence: hex('evidence'),
  reward: amount('reward').notNull(),
  transaction: hex('transaction'),
  fault: text('fault').$type<Fault>(),
  penalty: amount('penalty'),
  accusers: integer('accusers').notNull().default(0),
}, (table) => [primaryKey({ columns: [table.roundId, table.validatorId] })]);

export const validators = pgTable('validators', {
  validatorId: integer('validator_id').primaryKey(),
  account: address('account').notNull(),
  encryptionKey: hex('encryption_key').notNull(),
  endpoint: text('endpoint').notNull(),
  active: boolean('active').notNull(),
});

export const workers = pgTable('workers', {
  account: address('account').primaryKey(),
  endpoint: text('endpoint').notNull(),
  active: boolean('active').notNull(),
  cores: integer('cores').notNull(),
  memoryMiB: whole('memory_mib').notNull(),
  pricePerUnit: amount('price_per_unit').notNull(),
  runtimes: jsonb('runtimes').$type<Hex[]>().notNull(),
});

export const stakes = pgTable('stakes', {
  account: address('account').primaryKey(),
  amount: amount('amount').notNull(),
});

export const manifests = pgTable('manifests', {
  digest: hex('digest').primaryKey(),
  state: text('state').$type<'wanted' | 'read' | 'unreadable'>().notNull(),
  reason: text('reason'),
  attempts: integer('attempts').notNull(),
  retryAt: whole('retry_at').notNull(),
  title: text('title'),
  description: text('description'),
  license: text('license'),
  source: text('source'),
  tags: jsonb('tags').$type<string[]>(),
  rows: whole('row_count'),
  columns: jsonb('columns').$type<ManifestColumn[]>(),
  sealedSize: whole('sealed_size'),
  contentRoot: hex('content_root'),
  contentCommitment: hex('content_commitment'),
  keysetDigest: hex('keyset_digest'),
  /** Its publisher told the key. */
  open: boolean('open').notNull().default(false),
  search: tsvector('search'),
  category: text('category').$type<Category>().notNull().default('other'),
  task: text('task').$type<Task>().notNull().default('other'),
  publisher: text('publisher'),
  described: boolean('described').notNull().default(false),
});

/** Of a spec. Hex is lower case. */
export type SpecFacts = { assetId: number; version: number; contentRoot: Hex; algorithm: string; task: string; target: string | null; features: number; rule: string; seed: number; testFraction: number; /** Of trial runs. */ output?: 'metrics' };
/** Of a receipt's body. Hex is lower case. */
export type ReceiptFacts = { jobId: Hex; specDigest: Hex; task: string; steps: number; scores: Record<string, number | null>; trainRows: number; testRows: number };

export const runDocuments = pgTable('run_documents', {
  kind: text('kind').$type<'spec' | 'receipt'>().notNull(),
  digest: hex('digest').notNull(),
  state: text('state').$type<'wanted' | 'read' | 'unreadable'>().notNull(),
  reason: text('reason'),
  attempts: integer('attempts').notNull(),
  retryAt: whole('retry_at').notNull(),
  facts: jsonb('facts').$type<SpecFacts | ReceiptFacts>(),
}, (table) => [primaryKey({ columns: [table.kind, table.digest] })]);

export const jobProgress = pgTable('job_progress', {
  jobId: hex('job_id').primaryKey(),
  stage: text('stage').$type<Progress['stage']>().notNull(),
  step: integer('step').notNull(),
  maxSteps: integer('max_steps').notNull(),
  loss: doublePrecision('loss'),
  lossCurve: jsonb('loss_curve').$type<number[]>().notNull(),
  secondsLeft: doublePrecision('seconds_left'),
  message: text('message'),
  updatedAt: whole('updated_at').notNull(),
});

export const duties = pgTable('duties', {
  validatorId: integer('validator_id').notNull(),
  roundId: hex('round_id').notNull(),
  verdict: text('verdict').$type<Verdict>().notNull(),
  evidence: hex('evidence').notNull(),
  salt: hex('salt').notNull(),
  stage: text('stage').$type<'decided' | 'committed' | 'revealed'>().notNull(),
  digests: jsonb('digests').$type<Hex[]>(),
  proofs: jsonb('proofs').$type<Record<string, Hex>>(),
  seed: hex('seed'),
  former: jsonb('former').$type<{ verdict: Verdict; evidence: Hex; salt: Hex }[]>(),
  updatedAt: whole('updated_at').notNull(),
}, (table) => [primaryKey({ columns: [table.validatorId, table.roundId] })]);

export const modelChecks = pgTable('model_checks', {
  manifestDigest: hex('manifest_digest').notNull(),
  validatorId: integer('validator_id').notNull(),
  account: address('account').notNull(),
  body: jsonb('body').$type<ModelCheckBody>().notNull(),
  signature: hex('signature').notNull(),
  measuredAt: whole('measured_at').notNull(),
}, (table) => [primaryKey({ columns: [table.manifestDigest, table.validatorId] })]);

export const tableChecks = pgTable('table_checks', {
  manifestDigest: hex('manifest_digest').notNull(),
  validatorId: integer('validator_id').notNull(),
  account: address('account').notNull(),
  body: jsonb('body').$type<TableCheckBody>().notNull(),
  signature: hex('signature').notNull(),
  checkedAt: whole('checked_at').notNull(),
}, (table) => [primaryKey({ columns: [table.manifestDigest, table.validatorId] })]);
