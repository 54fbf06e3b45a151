-- When whoever has a session showed last who they are: by signing in, or by doing so again before a change of how one signs in.
ALTER TABLE sessions ADD COLUMN proved_at bigint NOT NULL DEFAULT 0;
UPDATE sessions SET proved_at = created_at;
-- Open sessions of a user, for their number.
CREATE INDEX sessions_open ON sessions (user_id, used_at DESC) WHERE ended_at IS NULL;
