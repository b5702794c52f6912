-- Purpose: an empty place for the work tables; those of a job outlive its transactions.
-- Grain: none.
-- Parameters: none.
DROP TABLE IF EXISTS
pg_temp.retie_range, pg_temp.retie_bound, pg_temp.retie_rate, pg_temp.retie_moved
