-- Purpose: an inferred member for every registered seller of whom nothing is known yet (scd.md R15),
-- and the reserved products of every seller.
-- Grain: one row a seller.
-- Parameters: run_at.
INSERT INTO dwh.dim_seller (
    seller_no, seller_id, valid_from, valid_to, is_current, is_inferred, version, known_from,
    delivery_key, record_no, source_line
)
SELECT
    registered.seller_no,
    named.seller_id,
    '1900-01-01 00:00+00',
    '9999-12-31 00:00+00',
    TRUE,
    TRUE,
    1,
    %(run_at)s,
    0,
    0,
    0
FROM security.seller AS registered
-- Only of those who are not known yet: grouping all identifiers would cost each small delivery.
CROSS JOIN
    LATERAL (
        SELECT min(identifier.seller_id) AS seller_id
        FROM security.seller_identifier AS identifier
        WHERE identifier.seller_no = registered.seller_no
        HAVING count(*) > 0
    ) AS named
WHERE NOT EXISTS (
        SELECT 1
        FROM dwh.dim_seller AS known
        WHERE known.seller_no = registered.seller_no
    )
