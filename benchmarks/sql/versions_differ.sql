-- Purpose: versions that are expected and not held as they are expected, or held and not expected
-- (0 is right). Grain: one row.
SELECT count(*)
FROM expected
FULL JOIN held
    ON
        expected.seller_id = held.seller_id
        AND expected.product_id = held.product_id
        AND expected.valid_from = held.valid_from
WHERE (
    expected.title, expected.description, expected.brand, expected.gtin, expected.source_category,
    expected.status, expected.valid_to, expected.is_current, expected.is_deleted
) IS DISTINCT FROM (
    held.title, held.description, held.brand, held.gtin, held.source_category,
    held.status, held.valid_to, held.is_current, held.is_deleted
);
