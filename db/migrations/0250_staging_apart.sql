-- Rows of large deliveries are copied in a transaction of their own (ADR 0041): this says of which.

CREATE UNLOGGED TABLE staging.copied_apart (
    delivery_key bigint NOT NULL PRIMARY KEY
);

COMMENT ON TABLE staging.copied_apart IS
'Deliveries whose rows were committed before them; grain: one, until its steps 1 to 3 are. Unlogged.';
COMMENT ON COLUMN staging.copied_apart.delivery_key IS 'The delivery.';

GRANT SELECT, INSERT, DELETE ON staging.copied_apart TO shopnow_etl;
