-- Purpose: no statement whose place its content decided.
-- Grain: one row a record.
-- Parameters: none.
CREATE TEMPORARY TABLE ambiguous_order (
    delivery_key bigint,
    line_no bigint,
    record_no integer
) ON COMMIT DROP
