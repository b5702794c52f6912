-- Purpose: the bridge of a seller holds no longer.
-- Grain: one row.
-- Parameters: seller_no, valid_to.
UPDATE security.seller_bridge
SET valid_to = %(valid_to)s
WHERE seller_no = %(seller_no)s
    AND valid_to = '9999-12-31 00:00+00'
