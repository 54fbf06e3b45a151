-- What this node's validators measured of uploaded models, signed. Not made from the chain: a projection that is built again
-- leaves it alone, so a row is found by the manifest's digest, which no other chain or fork has, not by the asset's number.
CREATE TABLE model_checks (
  manifest_digest text NOT NULL,
  validator_id int NOT NULL,
  account text NOT NULL,
  body jsonb NOT NULL,
  signature text NOT NULL,
  measured_at bigint NOT NULL,
  PRIMARY KEY (manifest_digest, validator_id)
);
