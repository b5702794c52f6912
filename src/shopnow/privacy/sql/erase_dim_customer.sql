-- Purpose: every version of these customers without name or place; keys and periods stay.
-- Grain: one row a version.
UPDATE dwh.dim_customer AS d
SET
    customer_id = left(encode(sha256(p.salt), 'hex'), 24),
    city = NULL,
    postal_area = NULL,
    segment = NULL,
    previous_segment = NULL,
    segment_changed_at = NULL
FROM pg_temp.erased_person AS p
WHERE d.customer_no = p.subject_no
