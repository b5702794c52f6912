-- Purpose: the statement that each version is of.
-- Parameters: at.
INSERT INTO history.customer_change (
    customer_no, effective_at, source_rank, content_hash, kind, present, customer_id, country,
    city, postal_area, state, known_from, delivery_key, record_no, source_line
)
SELECT
    d.customer_no,
    d.valid_from,
    1,
    1,
    'upsert',
    15,
    d.customer_id,
    d.country,
    d.city,
    d.postal_area,
    'applied',
    %(at)s,
    1,
    d.record_no,
    d.source_line
FROM dwh.dim_customer AS d
WHERE d.customer_no > 0
