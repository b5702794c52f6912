-- Purpose: a place for what is written, for the checks of keys and for totals and marts.
-- Grain: one row a line.
-- Parameters: none.
CREATE TEMPORARY TABLE line_written (
    seller_no integer,
    order_id text,
    order_on date,
    seller_key bigint,
    product_key bigint,
    customer_key bigint,
    amount numeric
) ON COMMIT DROP
