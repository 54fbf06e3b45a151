-- The draw for which a verdict was found: after a reorganisation the same round may have another one.
ALTER TABLE duties ADD COLUMN seed text;
