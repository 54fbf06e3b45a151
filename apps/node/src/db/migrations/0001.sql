-- Projections of the chain. Amounts are base units; times are Unix seconds; addresses are checksummed; hashes are lower case.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- How far the projections go, and of which deployment they are. Moves in the transaction that writes the rows.
CREATE TABLE cursor (
  id int PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  deployment text NOT NULL,
  block bigint NOT NULL,
  hash text NOT NULL,
  timestamp bigint NOT NULL
);

CREATE TABLE blocks (
  number bigint PRIMARY KEY,
  hash text NOT NULL,
  parent text NOT NULL,
  timestamp bigint NOT NULL
);

CREATE TABLE events (
  block bigint NOT NULL,
  log_index int NOT NULL,
  transaction text NOT NULL,
  timestamp bigint NOT NULL,
  gas_used bigint NOT NULL,
  contract text NOT NULL,
  name text NOT NULL,
  -- The rows that it touches, e.g. order:0x01..; they are rebuilt from all events of the same subject.
  subject text NOT NULL,
  asset_id bigint,
  account text,
  topics jsonb NOT NULL,
  data text NOT NULL,
  args jsonb NOT NULL,
  PRIMARY KEY (block, log_index)
);
CREATE INDEX events_by_subject ON events (subject, block, log_index);
CREATE INDEX events_by_asset ON events (asset_id, block DESC, log_index DESC) WHERE asset_id IS NOT NULL;

CREATE TABLE assets (
  asset_id bigint PRIMARY KEY,
  kind text NOT NULL,
  owner text NOT NULL,
  published_at bigint NOT NULL,
  job_id text,
  parent_asset_id bigint,
  parent_version bigint,
  share_bps int
);
CREATE INDEX assets_by_owner ON assets (owner, asset_id DESC);
CREATE INDEX assets_by_parent ON assets (parent_asset_id) WHERE parent_asset_id IS NOT NULL;
CREATE INDEX assets_by_job ON assets (job_id) WHERE job_id IS NOT NULL;

CREATE TABLE versions (
  asset_id bigint NOT NULL,
  version bigint NOT NULL,
  status text NOT NULL,
  reason text,
  manifest_digest text NOT NULL,
  content_root text NOT NULL,
  content_commitment text NOT NULL,
  key_commitment text NOT NULL,
  committee jsonb NOT NULL,
  threshold int NOT NULL,
  validators_may_read boolean NOT NULL,
  subject text NOT NULL,
  transaction text NOT NULL,
  block bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (asset_id, version)
);
CREATE INDEX versions_by_manifest ON versions (manifest_digest);

CREATE TABLE listings (
  listing_id bigint PRIMARY KEY,
  asset_id bigint NOT NULL,
  seller text NOT NULL,
  kind text NOT NULL,
  price numeric(78,0) NOT NULL,
  first_version bigint NOT NULL,
  last_version bigint NOT NULL,
  model_share_bps int NOT NULL,
  terms_digest text NOT NULL,
  retired boolean NOT NULL
);
CREATE INDEX listings_by_asset ON listings (asset_id);

CREATE TABLE orders (
  order_id text PRIMARY KEY,
  listing_id bigint NOT NULL,
  asset_id bigint NOT NULL,
  version bigint NOT NULL,
  buyer text NOT NULL,
  seller text NOT NULL,
  price numeric(78,0) NOT NULL,
  recipient_key text NOT NULL,
  state text NOT NULL,
  opened_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  opened_block bigint NOT NULL,
  opened_index int NOT NULL,
  round_id text
);
CREATE INDEX orders_newest ON orders (opened_block DESC, opened_index DESC);
CREATE INDEX orders_by_buyer ON orders (buyer, opened_block DESC, opened_index DESC);
CREATE INDEX orders_by_seller ON orders (seller, opened_block DESC, opened_index DESC);
CREATE INDEX orders_by_asset ON orders (asset_id, opened_block DESC, opened_index DESC);

CREATE TABLE grants (
  order_id text NOT NULL,
  validator_id int NOT NULL,
  sealed_share text NOT NULL,
  transaction text NOT NULL,
  block bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (order_id, validator_id)
);

CREATE TABLE jobs (
  job_id text PRIMARY KEY,
  listing_id bigint NOT NULL,
  asset_id bigint NOT NULL,
  version bigint NOT NULL,
  buyer text NOT NULL,
  spec_digest text NOT NULL,
  recipient_key text NOT NULL,
  price numeric(78,0) NOT NULL,
  worker_fee numeric(78,0) NOT NULL,
  validation_fee numeric(78,0) NOT NULL,
  state text NOT NULL,
  worker text,
  bond numeric(78,0),
  run_until bigint,
  opened_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  opened_block bigint NOT NULL,
  opened_index int NOT NULL,
  receipt_digest text,
  model_digest text,
  checkpoint_root text,
  engine_id text,
  round_id text
);
CREATE INDEX jobs_newest ON jobs (opened_block DESC, opened_index DESC);
CREATE INDEX jobs_by_buyer ON jobs (buyer, opened_block DESC, opened_index DESC);
CREATE INDEX jobs_by_worker ON jobs (worker) WHERE worker IS NOT NULL;
CREATE INDEX jobs_by_asset ON jobs (asset_id, opened_block DESC, opened_index DESC);

CREATE TABLE rounds (
  round_id text PRIMARY KEY,
  kind text NOT NULL,
  subject text NOT NULL,
  fee numeric(78,0) NOT NULL,
  verdict text NOT NULL,
  settled boolean NOT NULL,
  anchor_block bigint NOT NULL,
  opened_at bigint NOT NULL,
  opened_block bigint NOT NULL,
  opened_index int NOT NULL,
  commit_until bigint,
  reveal_until bigint
);
CREATE INDEX rounds_by_subject ON rounds (subject, opened_block DESC, opened_index DESC);

CREATE TABLE attestations (
  round_id text NOT NULL,
  validator_id int NOT NULL,
  position int NOT NULL,
  committed boolean NOT NULL,
  verdict text NOT NULL,
  evidence text,
  reward numeric(78,0) NOT NULL,
  transaction text,
  PRIMARY KEY (round_id, validator_id)
);
CREATE INDEX attestations_by_validator ON attestations (validator_id);

CREATE TABLE validators (
  validator_id int PRIMARY KEY,
  account text NOT NULL,
  encryption_key text NOT NULL,
  endpoint text NOT NULL,
  active boolean NOT NULL
);

CREATE TABLE workers (
  account text PRIMARY KEY,
  endpoint text NOT NULL,
  active boolean NOT NULL
);

-- Active stake: locked part included, unbonding excluded.
CREATE TABLE stakes (
  account text PRIMARY KEY,
  amount numeric(78,0) NOT NULL
);

-- By digest, not by version: content does not change when the chain does.
CREATE TABLE manifests (
  digest text PRIMARY KEY,
  state text NOT NULL,
  reason text,
  attempts int NOT NULL,
  retry_at bigint NOT NULL,
  title text,
  description text,
  license text,
  source text,
  tags jsonb,
  row_count bigint,
  columns jsonb,
  sealed_size bigint,
  content_root text,
  content_commitment text,
  keyset_digest text,
  search tsvector
);
CREATE INDEX manifests_to_fetch ON manifests (retry_at) WHERE state = 'wanted';
CREATE INDEX manifests_by_words ON manifests USING gin (search);
CREATE INDEX manifests_by_title ON manifests USING gin (title gin_trgm_ops);

-- Written by the worker role.
CREATE TABLE job_progress (
  job_id text PRIMARY KEY,
  stage text NOT NULL,
  step int NOT NULL,
  max_steps int NOT NULL,
  loss double precision,
  loss_curve jsonb NOT NULL,
  message text,
  updated_at bigint NOT NULL
);

-- Written by the validator role, before it commits on chain: what to reveal later.
CREATE TABLE duties (
  validator_id int NOT NULL,
  round_id text NOT NULL,
  verdict text NOT NULL,
  evidence text NOT NULL,
  salt text NOT NULL,
  stage text NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (validator_id, round_id)
);
