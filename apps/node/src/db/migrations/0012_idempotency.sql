-- What was asked for under an Idempotency-Key, written before it is done, and what was answered. `key_id` is a digest of the
-- caller and the key, `request` a MAC of what was asked; the answer is sealed, since it may hold a secret. Without a status
-- nothing was answered: until busy_until somebody may be doing it, later nobody knows whether it was done.
CREATE TABLE idempotency_keys (
  key_id text PRIMARY KEY,
  user_id text REFERENCES users ON DELETE CASCADE,
  request text NOT NULL,
  status integer,
  sealed_answer text,
  busy_until bigint NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
CREATE INDEX idempotency_keys_by_user ON idempotency_keys (user_id);
