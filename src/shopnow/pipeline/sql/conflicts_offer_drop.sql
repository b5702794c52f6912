-- Purpose: conflicting records leave staging.
-- Grain: one row a record.
-- Parameters: delivery_key, records (bigint[]).
DELETE FROM staging.offer_row
WHERE delivery_key = %(delivery_key)s
    AND record_no = any(%(records)s)
