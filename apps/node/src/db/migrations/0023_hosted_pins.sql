-- What programs of this node's operators asked it to keep, by the Pinning Service API. Blocks that a pin names are needed as long as its row is here.
CREATE TABLE hosted_pins (
  request_id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
  -- As it was asked for; `root` is the same as CIDv1 in base32.
  cid text NOT NULL,
  root text NOT NULL,
  name text,
  origins jsonb NOT NULL,
  meta jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('queued', 'pinning', 'pinned', 'failed')),
  -- Why it failed last.
  why text,
  tries bigint NOT NULL DEFAULT 0,
  -- Milliseconds since 1970. Pages are told apart by it, so that no two are the same.
  created bigint NOT NULL UNIQUE,
  -- Of everything below the root, once it is here.
  bytes bigint
);
CREATE INDEX hosted_pins_by_user ON hosted_pins (user_id, created DESC);
