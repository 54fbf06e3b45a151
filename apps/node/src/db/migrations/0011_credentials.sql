-- More ways to sign in. Secrets that must be read again (of authenticators) are sealed under a key in the state folder.

CREATE TABLE user_wallets (
  address text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  linked_at bigint NOT NULL
);
CREATE INDEX user_wallets_by_user ON user_wallets (user_id);

-- Asked for once enabled_at is there. Codes of steps up to last_step were used.
CREATE TABLE totp_secrets (
  user_id text PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  sealed_secret text NOT NULL,
  last_step bigint NOT NULL,
  enabled_at bigint
);

-- Short enough to be typed, so a plain digest could be guessed back: a MAC under the same key. Each is taken out by its use.
CREATE TABLE recovery_codes (
  mac text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE
);
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

CREATE TABLE api_keys (
  key_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL,
  prefix text NOT NULL,
  digest text NOT NULL UNIQUE,
  scopes jsonb NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint,
  used_at bigint
);
CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at DESC);
