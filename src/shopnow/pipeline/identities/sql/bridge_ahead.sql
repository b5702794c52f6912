-- Purpose: the sellers that a seller is merged into, over any number of merges.
-- Grain: one row a seller.
-- Parameters: seller_no.
WITH RECURSIVE ahead AS (
    SELECT
        bridge.seller_no,
        bridge.merged_into
    FROM security.seller_bridge AS bridge
    WHERE bridge.seller_no = %(seller_no)s
        AND bridge.valid_to = '9999-12-31 00:00+00'
    UNION
    SELECT
        bridge.seller_no,
        bridge.merged_into
    FROM ahead
    INNER JOIN security.seller_bridge AS bridge
        ON bridge.seller_no = ahead.merged_into
            AND bridge.valid_to = '9999-12-31 00:00+00'
)

SELECT ahead.merged_into
FROM ahead
