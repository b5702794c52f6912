-- Purpose: how many rejects of a plan were not replayed meanwhile.
-- Grain: one row.
-- Parameters: delivery_key, records (integer[]).
SELECT count(*) AS open_rejects
FROM quality.reject
WHERE delivery_key = %(delivery_key)s
    AND record_no = any(%(records)s)
    AND state <> 'replayed'
