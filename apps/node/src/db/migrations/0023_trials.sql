-- Trial runs of a compute listing: the fee of one, and how many an account may have; 0: none are offered.
ALTER TABLE listings ADD COLUMN trial_fee numeric(78,0) NOT NULL DEFAULT 0, ADD COLUMN trial_cap int NOT NULL DEFAULT 0;
