-- Purpose: rejected records of these persons lose their sealed line; the reasons stay.
-- Grain: one row a reject.
UPDATE quality.reject AS q
SET line_sealed = NULL
FROM pg_temp.erased_record AS r
WHERE q.delivery_key = r.delivery_key
    AND q.line_no = r.line_no
    AND q.line_sealed IS NOT NULL
