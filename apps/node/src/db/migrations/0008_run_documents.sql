-- Specs and receipts of runs, by digest, and what leaderboards need of them. Fetched off the chain's path; kept when projections are made again.
CREATE TABLE run_documents (
  kind text NOT NULL,
  digest text NOT NULL,
  state text NOT NULL,
  reason text,
  attempts int NOT NULL,
  retry_at bigint NOT NULL,
  facts jsonb,
  PRIMARY KEY (kind, digest)
);
CREATE INDEX run_documents_wanted ON run_documents (retry_at) WHERE state = 'wanted';
INSERT INTO run_documents (kind, digest, state, attempts, retry_at)
  SELECT DISTINCT 'spec', spec_digest, 'wanted', 0, 0 FROM jobs
  UNION SELECT DISTINCT 'receipt', receipt_digest, 'wanted', 0, 0 FROM jobs WHERE receipt_digest IS NOT NULL;
CREATE INDEX jobs_by_spec ON jobs (spec_digest);
CREATE INDEX jobs_by_receipt ON jobs (receipt_digest) WHERE receipt_digest IS NOT NULL;
