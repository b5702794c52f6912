-- Purpose: the merges that a seller was part of, on either side; one undone before it held is none.
-- Grain: one row a bridge.
-- Parameters: seller_no.
SELECT
    bridge.seller_no,
    merged.seller_id,
    bridge.merged_into,
    survivor.seller_id AS into_id,
    bridge.valid_from,
    bridge.valid_to
FROM security.seller_bridge AS bridge
INNER JOIN dwh.dim_seller AS merged
    ON merged.seller_no = bridge.seller_no
        AND merged.is_current
INNER JOIN dwh.dim_seller AS survivor
    ON survivor.seller_no = bridge.merged_into
        AND survivor.is_current
WHERE (bridge.seller_no = %(seller_no)s OR bridge.merged_into = %(seller_no)s)
    AND bridge.valid_from < bridge.valid_to
ORDER BY bridge.valid_from, bridge.seller_no
