-- Purpose: the same for what was said before a delivery was judged anew.
-- Grain: one row a value.
UPDATE quality.cleaning_superseded AS c
SET
    before = NULL,
    after = NULL
FROM pg_temp.erased_record AS r
WHERE c.delivery_key = r.delivery_key
    AND c.record_no = r.record_no
    AND (c.before IS NOT NULL OR c.after IS NOT NULL)
