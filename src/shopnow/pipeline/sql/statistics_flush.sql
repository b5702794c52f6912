-- Purpose: what this transaction wrote is in the server's statistics when it ends, not up to a second
-- later (https://www.postgresql.org/docs/18/monitoring-stats.html).
-- Grain: one row.
-- Parameters: none.
SELECT pg_stat_force_next_flush()
