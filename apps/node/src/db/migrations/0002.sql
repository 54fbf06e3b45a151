-- Listings in other coins, and for a period. token: NULL for NCR; price is in base units of the token.
ALTER TABLE listings ADD COLUMN token text;
ALTER TABLE listings ADD COLUMN period_minutes int NOT NULL DEFAULT 0;
