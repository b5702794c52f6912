-- Purpose: a bridge from a seller to the one that stands for it; one that was undone before it ever
-- held gives way.
-- Grain: one row.
-- Parameters: seller_no, merged_into, valid_from.
INSERT INTO security.seller_bridge AS bridge (seller_no, merged_into, valid_from)
VALUES (%(seller_no)s, %(merged_into)s, %(valid_from)s)
ON CONFLICT ON CONSTRAINT seller_bridge_pkey DO UPDATE
    SET
        merged_into = excluded.merged_into,
        valid_to = excluded.valid_to
    WHERE bridge.valid_to = bridge.valid_from
