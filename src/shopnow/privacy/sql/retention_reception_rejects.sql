-- Purpose: rejects of these deliveries lose their sealed line; the reasons stay.
-- Grain: one row a reject.
-- Parameters: deliveries (bigint[]).
UPDATE quality.reject AS q
SET line_sealed = NULL
WHERE q.delivery_key = any(%(deliveries)s::bigint[])
    AND q.line_sealed IS NOT NULL
