-- What users are told. Not made from the chain alone: kept when projections are built again. Times are Unix seconds.

-- event_id names what happened, not where it stands on chain: a block that comes again tells nobody twice.
CREATE TABLE notifications (
  notification_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  event_id text NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  link text NOT NULL,
  at bigint NOT NULL,
  -- Whether it stands in the user's list; the others are kept so that they are told once.
  listed boolean NOT NULL,
  read_at bigint,
  UNIQUE (user_id, event_id)
);
CREATE INDEX notifications_newest ON notifications (user_id, notification_id DESC) WHERE listed;
CREATE INDEX notifications_unread ON notifications (user_id) WHERE listed AND read_at IS NULL;

-- By kind: where it goes, where that is not the default.
CREATE TABLE notification_settings (
  user_id text PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  settings jsonb NOT NULL
);

-- Up to where events were told, and the hash of that block: another one means that the chain was reorganised.
CREATE TABLE notification_cursors (
  source text PRIMARY KEY,
  block bigint NOT NULL,
  log_index int NOT NULL,
  hash text NOT NULL
);

CREATE TABLE webhooks (
  webhook_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  url text NOT NULL,
  -- Sealed under the key of the state folder.
  sealed_secret text NOT NULL,
  kinds jsonb,
  created_at bigint NOT NULL,
  failing_since bigint,
  disabled_at bigint,
  disabled_reason text
);
CREATE INDEX webhooks_by_user ON webhooks (user_id, created_at DESC);

-- What is to be posted, and what came of it.
CREATE TABLE deliveries (
  delivery_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  webhook_id text NOT NULL REFERENCES webhooks ON DELETE CASCADE,
  notification_id bigint REFERENCES notifications ON DELETE CASCADE,
  kind text NOT NULL,
  body text NOT NULL,
  state text NOT NULL,
  attempts int NOT NULL,
  next_at bigint NOT NULL,
  status int,
  error text,
  created_at bigint NOT NULL,
  done_at bigint
);
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state = 'waiting';
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, created_at DESC);
CREATE INDEX deliveries_by_age ON deliveries (created_at);
