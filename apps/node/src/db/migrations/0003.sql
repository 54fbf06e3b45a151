-- How far the dispute of an order has come. dispute_until: Unix seconds, NULL while jurors sit and once it is over;
-- jury_dispute: its number in Disputes; jury_cost: base units of NCR.
ALTER TABLE orders ADD COLUMN dispute_state text;
ALTER TABLE orders ADD COLUMN dispute_until bigint;
ALTER TABLE orders ADD COLUMN jury_dispute bigint;
ALTER TABLE orders ADD COLUMN jury_cost numeric(78,0);
ALTER TABLE orders ADD COLUMN escalated_by text;
