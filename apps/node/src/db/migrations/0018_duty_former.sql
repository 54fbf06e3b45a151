-- What was decided for earlier draws of the same round: a commitment to it may still have found its way into the chain.
ALTER TABLE duties ADD COLUMN former jsonb;
