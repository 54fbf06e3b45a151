-- What curators say of an asset, why, and the bond that is held for it. appeal_id: the jury's dispute.
ALTER TABLE assets ADD COLUMN curation_status text NOT NULL DEFAULT 'pending';
ALTER TABLE assets ADD COLUMN curation_reason text;
ALTER TABLE assets ADD COLUMN curation_author text;
ALTER TABLE assets ADD COLUMN curation_until bigint;
ALTER TABLE assets ADD COLUMN bond numeric(78,0) NOT NULL DEFAULT 0;
ALTER TABLE assets ADD COLUMN appeal text NOT NULL DEFAULT 'none';
ALTER TABLE assets ADD COLUMN appeal_id bigint;

-- Parents. job_id: the run that proves it; NULL where the publisher declares it.
CREATE TABLE lineage (
  asset_id bigint NOT NULL,
  parent_asset_id bigint NOT NULL,
  parent_version bigint NOT NULL,
  share_bps int NOT NULL,
  job_id text,
  PRIMARY KEY (asset_id, parent_asset_id, parent_version)
);
CREATE INDEX lineage_by_parent ON lineage (parent_asset_id, asset_id);
DROP INDEX assets_by_parent;
ALTER TABLE assets DROP COLUMN parent_asset_id;
ALTER TABLE assets DROP COLUMN parent_version;
ALTER TABLE assets DROP COLUMN share_bps;
