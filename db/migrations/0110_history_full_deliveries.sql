-- Full deliveries: what they no longer name is withdrawn (scd.md, the change log; rules R4, R6,
-- R13), what they cannot prove is left alone, and what looks wrong waits for a person.

-- A record may say that its key is no more.
ALTER TABLE staging.seller_row ADD COLUMN is_deletion boolean NOT NULL DEFAULT FALSE;
ALTER TABLE staging.product_row ADD COLUMN is_deletion boolean NOT NULL DEFAULT FALSE;
ALTER TABLE staging.customer_row ADD COLUMN is_deletion boolean NOT NULL DEFAULT FALSE;
ALTER TABLE staging.offer_row ADD COLUMN is_deletion boolean NOT NULL DEFAULT FALSE;
ALTER TABLE staging.offer_held ADD COLUMN is_deletion boolean NOT NULL DEFAULT FALSE;
COMMENT ON COLUMN staging.seller_row.is_deletion IS 'True when the record says that its key is no more; its attributes are ignored.';
COMMENT ON COLUMN staging.product_row.is_deletion IS 'True when the record says that its key is no more; its attributes are ignored.';
COMMENT ON COLUMN staging.customer_row.is_deletion IS 'True when the record says that its key is no more; its attributes are ignored.';
COMMENT ON COLUMN staging.offer_row.is_deletion IS 'True when the record says that its key is no more; its attributes are ignored.';
COMMENT ON COLUMN staging.offer_held.is_deletion IS 'True when the record says that its key is no more; its attributes are ignored.';

-- False where a line could not be read or a reject has no usable key: such a delivery withdraws
-- nothing, and counts as one that only adds.
ALTER TABLE staging.delivery ADD COLUMN absence_proven boolean;
COMMENT ON COLUMN staging.delivery.absence_proven IS
'False where a line could not be read or a reject has no usable key: nothing is withdrawn then.';

-- Keys whose record was rejected or held: present, but neither withdrawn nor confirmed.
CREATE UNLOGGED TABLE staging.silent_row (
    delivery_key bigint NOT NULL,
    kind text NOT NULL,
    seller_no integer,
    product_id text,
    customer_no bigint
);
COMMENT ON TABLE staging.silent_row IS
'Keys of a full delivery whose record was rejected or held: one row a key, emptied with the batch.';
COMMENT ON COLUMN staging.silent_row.delivery_key IS 'The full delivery.';
COMMENT ON COLUMN staging.silent_row.kind IS 'Dimension or fact that the key belongs to: seller, product, customer, offer.';
COMMENT ON COLUMN staging.silent_row.seller_no IS 'Key: the seller, null for customers.';
COMMENT ON COLUMN staging.silent_row.product_id IS 'Key: the product, null where it is no part of the key.';
COMMENT ON COLUMN staging.silent_row.customer_no IS 'Key: the customer, null elsewhere.';

-- Records that a person has to look at while the rest of their delivery is loaded.
CREATE TABLE staging.statement_held (
    dimension text NOT NULL,
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL,
    line_no bigint NOT NULL,
    reason text NOT NULL,
    held_at timestamptz NOT NULL,
    statement jsonb NOT NULL,
    CONSTRAINT statement_held_pkey PRIMARY KEY (delivery_key, dimension, record_no)
);
COMMENT ON TABLE staging.statement_held IS 'Records held for a person: one row a record, as it stood in staging.';
COMMENT ON COLUMN staging.statement_held.dimension IS 'Dimension that the record speaks of.';
COMMENT ON COLUMN staging.statement_held.delivery_key IS 'Delivery of the record.';
COMMENT ON COLUMN staging.statement_held.record_no IS 'Number of the record in its delivery.';
COMMENT ON COLUMN staging.statement_held.line_no IS 'First physical line of the record in its file.';
COMMENT ON COLUMN staging.statement_held.reason IS 'Rule code: another_company.';
COMMENT ON COLUMN staging.statement_held.held_at IS 'When it was held, UTC.';
COMMENT ON COLUMN staging.statement_held.statement IS 'The staging row; dimensions carry no personal column.';

-- What a person decided about a held delivery; the next run acts by it.
CREATE TABLE staging.delivery_decision (
    delivery_key bigint NOT NULL,
    decision text NOT NULL,
    decided_at timestamptz NOT NULL,
    decided_by text NOT NULL,
    question text NOT NULL,
    CONSTRAINT delivery_decision_pkey PRIMARY KEY (delivery_key),
    CONSTRAINT delivery_decision_is_known CHECK (decision IN ('approved', 'refused')),
    CONSTRAINT delivery_decision_delivery_fkey
    FOREIGN KEY (delivery_key) REFERENCES staging.delivery (delivery_key)
);
COMMENT ON TABLE staging.delivery_decision IS 'Decisions about held deliveries: one row a delivery.';
COMMENT ON COLUMN staging.delivery_decision.delivery_key IS 'The delivery that was held.';
COMMENT ON COLUMN staging.delivery_decision.decision IS 'approved: loaded at its own effective time; refused: every record is rejected.';
COMMENT ON COLUMN staging.delivery_decision.decided_at IS 'When it was decided, UTC.';
COMMENT ON COLUMN staging.delivery_decision.decided_by IS 'Operating-system account that gave the command.';
COMMENT ON COLUMN staging.delivery_decision.question IS 'Why the delivery had been held, in French.';

ALTER TABLE history.full_delivery ADD COLUMN source_rank smallint NOT NULL DEFAULT 20;
COMMENT ON COLUMN history.full_delivery.source_rank IS 'Rank of the source''s statements among those of one time.';
COMMENT ON COLUMN history.full_delivery.attributes IS
'The attributes that a repetition in it confirms; none where its records have times of their own.';
CREATE INDEX full_delivery_time_idx ON history.full_delivery (effective_at, feed);

-- The keys that a scope ever stated are found by its deliveries: logs grow in their order.
CREATE INDEX seller_change_delivery_idx ON history.seller_change
USING brin (delivery_key) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX product_change_delivery_idx ON history.product_change
USING brin (delivery_key) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX customer_change_delivery_idx ON history.customer_change
USING brin (delivery_key) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX offer_change_delivery_idx ON history.offer_change
USING brin (delivery_key) WITH (pages_per_range = 16, autosummarize = on);

-- What is said of the future waits in the log; a job looks for what is due.
CREATE INDEX seller_change_pending_idx ON history.seller_change (effective_at) WHERE state IN ('pending', 'cancelled');
CREATE INDEX product_change_pending_idx ON history.product_change (effective_at) WHERE state IN ('pending', 'cancelled');
CREATE INDEX customer_change_pending_idx ON history.customer_change (effective_at) WHERE state IN ('pending', 'cancelled');
CREATE INDEX offer_change_pending_idx ON history.offer_change (effective_at) WHERE state IN ('pending', 'cancelled');

GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON staging.silent_row TO shopnow_etl;
GRANT SELECT, INSERT, UPDATE, DELETE ON staging.statement_held, staging.delivery_decision TO shopnow_etl;
GRANT MAINTAIN ON staging.silent_row, staging.statement_held, staging.delivery_decision TO shopnow_etl; -- noqa: PRS
