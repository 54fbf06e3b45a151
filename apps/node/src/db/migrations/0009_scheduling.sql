-- What workers offer and jobs need. All rows come from the chain; what is here already is of contracts that did not say.
ALTER TABLE workers ADD COLUMN cores integer NOT NULL DEFAULT 1;
ALTER TABLE workers ADD COLUMN memory_mib bigint NOT NULL DEFAULT 0;
ALTER TABLE workers ADD COLUMN price_per_unit numeric(78,0) NOT NULL DEFAULT 0;
ALTER TABLE workers ADD COLUMN runtimes jsonb NOT NULL DEFAULT '[]';
ALTER TABLE jobs ADD COLUMN units bigint NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN max_worker_fee numeric(78,0) NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN lost jsonb NOT NULL DEFAULT '[]';
