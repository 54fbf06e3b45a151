-- Public keys of passkeys (WebAuthn). The counter is what the authenticator said last: one that goes back is a copy's.
CREATE TABLE passkeys (
  passkey_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  -- As the authenticator chose it, base64url; of one host.
  credential_id text NOT NULL UNIQUE,
  host text NOT NULL,
  -- COSE key, base64url.
  public_key text NOT NULL,
  counter bigint NOT NULL,
  transports jsonb NOT NULL,
  synced boolean NOT NULL,
  name text NOT NULL,
  created_at bigint NOT NULL,
  used_at bigint
);
CREATE INDEX passkeys_by_user ON passkeys (user_id, created_at DESC);
