-- Purpose: records of a delivery that say different things of one key at one time (S15).
-- Grain: one row a record.
-- Parameters: delivery_key.
WITH twice AS (
    SELECT
        customer_no,
        effective_at
    FROM staging.customer_row
    WHERE delivery_key = %(delivery_key)s
        AND source_sequence IS NULL
        AND NOT is_embedded
    GROUP BY customer_no, effective_at
    HAVING count(DISTINCT content_hash) > 1
)

SELECT
    row.file_no,
    row.line_no,
    row.record_no,
    'customer' AS kind,
    0 AS seller_no
FROM staging.customer_row AS row
INNER JOIN twice
    ON twice.customer_no IS NOT DISTINCT FROM row.customer_no
        AND twice.effective_at IS NOT DISTINCT FROM row.effective_at
WHERE row.delivery_key = %(delivery_key)s
    AND NOT row.is_embedded
ORDER BY row.record_no
