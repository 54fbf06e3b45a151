-- What validators found of tables beyond their verdicts, signed. Not made from the chain, as model_checks.
CREATE TABLE table_checks (
  manifest_digest text NOT NULL,
  validator_id int NOT NULL,
  account text NOT NULL,
  body jsonb NOT NULL,
  signature text NOT NULL,
  checked_at bigint NOT NULL,
  PRIMARY KEY (manifest_digest, validator_id)
);
