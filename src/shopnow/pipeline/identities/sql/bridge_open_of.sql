-- Purpose: the bridge of a seller that is in force.
-- Grain: one row, none where the seller is merged into nobody.
-- Parameters: seller_no.
SELECT
    bridge.merged_into,
    bridge.valid_from
FROM security.seller_bridge AS bridge
WHERE bridge.seller_no = %(seller_no)s
    AND bridge.valid_to = '9999-12-31 00:00+00'
