-- Subscriptions by id. held: base units paid and neither claimed nor returned. granted_until: end of the last period in
-- which a key was granted, and so is not returned; 0 where there was none. Times in Unix seconds.
CREATE TABLE subscriptions (
  subscription_id text PRIMARY KEY,
  listing_id bigint NOT NULL,
  asset_id bigint NOT NULL,
  account text NOT NULL,
  seller text NOT NULL,
  price numeric(78, 0) NOT NULL,
  period bigint NOT NULL,
  started_at bigint NOT NULL,
  paid_until bigint NOT NULL,
  granted_until bigint NOT NULL DEFAULT 0,
  closed boolean NOT NULL DEFAULT false,
  held numeric(78, 0) NOT NULL,
  opened_block bigint NOT NULL,
  opened_index int NOT NULL
);
CREATE INDEX subscriptions_account ON subscriptions (account, opened_block DESC, opened_index DESC);
CREATE INDEX subscriptions_seller ON subscriptions (seller, opened_block DESC, opened_index DESC);
CREATE INDEX subscriptions_asset ON subscriptions (asset_id, opened_block DESC, opened_index DESC);

-- Each request for a key, by its place on chain, and the shares that answered it.
CREATE TABLE key_requests (
  subscription_id text NOT NULL,
  block bigint NOT NULL,
  log_index int NOT NULL,
  version bigint NOT NULL,
  recipient_key text NOT NULL,
  transaction text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (subscription_id, block, log_index)
);
CREATE TABLE key_grants (
  subscription_id text NOT NULL,
  request_block bigint NOT NULL,
  request_index int NOT NULL,
  validator_id int NOT NULL,
  sealed_share text NOT NULL,
  transaction text NOT NULL,
  block bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (subscription_id, request_block, request_index, validator_id)
);
