-- Purpose: an empty place for repetitions that a full delivery implies.
-- Grain: one row a record.
-- Parameters: none.
CREATE TEMPORARY TABLE implied (
    delivery_key bigint NOT NULL,
    record_no integer NOT NULL
) ON COMMIT DROP
