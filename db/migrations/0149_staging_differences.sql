-- Differences: of a full delivery that repeats most of the one before only what differs is staged.

CREATE TABLE staging.delivery_difference (
    delivery_key bigint NOT NULL,
    earlier_key bigint NOT NULL,
    passed_over bigint NOT NULL,
    alive bigint NOT NULL,
    is_timed boolean NOT NULL,
    CONSTRAINT delivery_difference_pkey PRIMARY KEY (delivery_key),
    CONSTRAINT delivery_difference_delivery_fkey
    FOREIGN KEY (delivery_key) REFERENCES staging.delivery (delivery_key)
);
COMMENT ON TABLE staging.delivery_difference IS
'Full deliveries that were taken in as what differs from an earlier one: one row a delivery.';
COMMENT ON COLUMN staging.delivery_difference.delivery_key IS 'The full delivery.';
COMMENT ON COLUMN staging.delivery_difference.earlier_key IS
'The full delivery of the same sender and source that it was compared with.';
COMMENT ON COLUMN staging.delivery_difference.passed_over IS
'Records said in the very words of the earlier delivery, still in force: they are not staged.';
COMMENT ON COLUMN staging.delivery_difference.alive IS 'Keys that the earlier delivery held.';
COMMENT ON COLUMN staging.delivery_difference.is_timed IS
'True where the records have times of their own: those passed over are duplicates, else confirmations.';

CREATE UNLOGGED TABLE staging.absent_row (
    delivery_key bigint NOT NULL,
    seller_no integer NOT NULL,
    product_id text NOT NULL
);
COMMENT ON TABLE staging.absent_row IS
'Products that such a delivery may lack: one row a product, emptied with the batch.';
COMMENT ON COLUMN staging.absent_row.delivery_key IS 'The full delivery.';
COMMENT ON COLUMN staging.absent_row.seller_no IS 'Key: the seller.';
COMMENT ON COLUMN staging.absent_row.product_id IS 'Key: the product.';

-- What was logged since then is found by when it became known: a log grows in that order.
CREATE INDEX product_change_known_idx ON history.product_change
USING brin (known_from) WITH (pages_per_range = 16, autosummarize = on);

GRANT SELECT, INSERT, UPDATE, DELETE ON staging.delivery_difference TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON staging.absent_row TO shopnow_etl;
GRANT MAINTAIN ON staging.delivery_difference, staging.absent_row TO shopnow_etl; -- noqa: PRS
