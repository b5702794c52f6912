-- Purpose: until when the last merge of a seller held.
-- Grain: one row, null where there was none.
-- Parameters: seller_no.
SELECT max(bridge.valid_to) AS last_end
FROM security.seller_bridge AS bridge
WHERE bridge.seller_no = %(seller_no)s
    AND bridge.valid_from < bridge.valid_to
