-- Purpose: what deliveries were found to say again is no longer needed.
-- Grain: one row a reject.
-- Parameters: deliveries (bigint[]).
DELETE FROM staging.reject_said
WHERE delivery_key = any(%(deliveries)s)
