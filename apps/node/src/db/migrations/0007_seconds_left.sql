-- How long a run will take at most, by its worker's word.
ALTER TABLE job_progress ADD COLUMN seconds_left double precision;
