-- What a user shows to others, where public_profile says so; and who is locked out, and why.
ALTER TABLE users ADD COLUMN display_name text NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN bio text NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN link text NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN public_profile boolean NOT NULL DEFAULT false;
ALTER TABLE users ADD COLUMN locked_at bigint;
ALTER TABLE users ADD COLUMN locked_reason text;
