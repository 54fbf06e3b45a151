-- A run's verdict waits for challenges; its round ends, and costs stake, only after them.
ALTER TABLE jobs ADD COLUMN contestable_until bigint;
ALTER TABLE jobs ADD COLUMN checkpoints int;
ALTER TABLE jobs ADD COLUMN total_steps int;
ALTER TABLE attestations ADD COLUMN fault text;
ALTER TABLE attestations ADD COLUMN penalty numeric(78, 0);
ALTER TABLE attestations ADD COLUMN accusers int NOT NULL DEFAULT 0;

CREATE TABLE challenges (
  challenge_id bigint PRIMARY KEY,
  job_id text NOT NULL,
  challenger text NOT NULL,
  kind text NOT NULL,
  stage text NOT NULL,
  outcome text,
  counter_root text NOT NULL,
  bond numeric(78, 0) NOT NULL,
  low int NOT NULL,
  high int,
  move_until bigint NOT NULL,
  round_id text,
  opened_at bigint NOT NULL,
  changed_at bigint NOT NULL
);
CREATE INDEX challenges_job ON challenges (job_id);

-- What a validator found when it re-executed a run, kept for a challenge: once the round is over it may not read the rows again.
ALTER TABLE duties ADD COLUMN digests jsonb;
ALTER TABLE duties ADD COLUMN proofs jsonb;
