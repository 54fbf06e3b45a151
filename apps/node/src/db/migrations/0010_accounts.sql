-- Users of this node: a convenience beside the chain, kept when projections are built again. Times are Unix seconds. Secrets
-- that were handed out (codes, refresh credentials) are kept as SHA-256 digests only.

-- A row exists once its address was confirmed, or a wallet signed in.
CREATE TABLE users (
  user_id text PRIMARY KEY,
  email text UNIQUE,
  -- PHC string with its parameters.
  password_hash text,
  roles jsonb NOT NULL,
  created_at bigint NOT NULL
);

-- Each is taken out by its use.
CREATE TABLE one_time_codes (
  digest text PRIMARY KEY,
  purpose text NOT NULL,
  user_id text REFERENCES users ON DELETE CASCADE,
  -- What the code is about, by purpose.
  subject jsonb NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX one_time_codes_by_user ON one_time_codes (user_id, purpose);

CREATE TABLE sessions (
  session_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  method text NOT NULL,
  agent text NOT NULL,
  address text NOT NULL,
  created_at bigint NOT NULL,
  used_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  ended_at bigint,
  end_reason text
);
CREATE INDEX sessions_by_user ON sessions (user_id, used_at DESC);

-- The family of a session: all but the newest are used. A second use is a theft, of this one or of the one before.
CREATE TABLE refresh_credentials (
  digest text PRIMARY KEY,
  session_id text NOT NULL REFERENCES sessions ON DELETE CASCADE,
  expires_at bigint NOT NULL,
  used_at bigint
);
CREATE INDEX refresh_credentials_by_session ON refresh_credentials (session_id);

-- How often something was tried in the current window, by a digest of who and what.
CREATE TABLE attempts (
  key text PRIMARY KEY,
  window_start bigint NOT NULL,
  count int NOT NULL
);

CREATE TABLE user_activity (
  activity_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  at bigint NOT NULL,
  action text NOT NULL,
  detail text,
  address text NOT NULL,
  agent text NOT NULL
);
CREATE INDEX user_activity_by_user ON user_activity (user_id, activity_id DESC);

-- Mails of a node without a mail server, shown on a page of the embedded default. Nothing else writes here.
CREATE TABLE mailbox (
  mail_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recipient text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  sent_at bigint NOT NULL
);
