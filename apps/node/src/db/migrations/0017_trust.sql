-- What users of this node say of assets and reviews, what its curators do about it, and the log of both. None of it is made
-- from the chain; it stays when projections are built again. Times are Unix seconds.

-- A seller's answer to a review, signed by its wallet: the Reviews contract has no place for one.
CREATE TABLE seller_replies (
  order_id text PRIMARY KEY,
  seller text NOT NULL,
  text text NOT NULL,
  signed_at bigint NOT NULL,
  signature text NOT NULL
);

-- subject: asset:5 or review:0x.. (the order's id).
CREATE TABLE reports (
  report_id text PRIMARY KEY,
  subject text NOT NULL,
  reason text NOT NULL,
  evidence text NOT NULL,
  reporter text REFERENCES users ON DELETE SET NULL,
  state text NOT NULL,
  created_at bigint NOT NULL,
  decided_at bigint,
  decision text
);
CREATE INDEX reports_newest ON reports (created_at DESC, report_id DESC);
CREATE INDEX reports_by_state ON reports (state, created_at DESC, report_id DESC);
CREATE INDEX reports_by_subject ON reports (subject) WHERE state = 'open';
-- One open report of a user about a subject.
CREATE UNIQUE INDEX reports_once ON reports (reporter, subject) WHERE state = 'open';
CREATE INDEX reports_by_reporter ON reports (reporter, created_at DESC);

-- What this node does not show. An appeal is decided by an admin; a granted one takes the row away.
CREATE TABLE hidden_subjects (
  subject text PRIMARY KEY,
  reason text NOT NULL,
  hidden_at bigint NOT NULL,
  appeal text NOT NULL,
  appeal_text text,
  appealed_at bigint,
  answer text
);
CREATE INDEX hidden_subjects_newest ON hidden_subjects (hidden_at DESC, subject);

-- How many visitors opened an asset's page on a day (UTC). Who they were is never written.
CREATE TABLE asset_views (
  asset_id bigint NOT NULL,
  day bigint NOT NULL,
  visitors bigint NOT NULL,
  PRIMARY KEY (asset_id, day)
);

-- What admins, curators and support did. actor: a user's id, which stays when the user goes.
CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at bigint NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  reason text,
  details jsonb NOT NULL,
  request_id text NOT NULL
);
CREATE INDEX audit_log_by_actor ON audit_log (actor, id DESC);
CREATE INDEX audit_log_by_action ON audit_log (action, id DESC);
CREATE INDEX audit_log_by_subject ON audit_log (subject, id DESC);
CREATE INDEX audit_log_by_time ON audit_log (at, id);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log only grows';
END $$;
CREATE TRIGGER audit_log_rows BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_log_whole BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE INDEX reviews_by_asset_rating ON reviews (asset_id, rating);
