-- Purpose: the versions of a seller, the oldest first.
-- Grain: one row a version.
-- Parameters: seller_no.
SELECT
    d.version,
    d.seller_id,
    d.seller_name,
    d.legal_id,
    d.country,
    d.region,
    d.city,
    d.status,
    d.commission_pct,
    d.category,
    d.valid_from,
    d.valid_to,
    d.is_current,
    d.is_inferred,
    d.delivery_key,
    d.source_line
FROM dwh.dim_seller AS d
WHERE d.seller_no = %(seller_no)s
ORDER BY d.valid_from
