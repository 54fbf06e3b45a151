-- Keys that were handed on to other holders, or to other shares.
ALTER TABLE versions ADD COLUMN key_epoch integer NOT NULL DEFAULT 0;
ALTER TABLE versions ADD COLUMN keyset_digest text;
