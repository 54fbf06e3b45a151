-- The asset that is a sample of this one; NULL where there is none.
ALTER TABLE assets ADD COLUMN sample_asset_id bigint;
