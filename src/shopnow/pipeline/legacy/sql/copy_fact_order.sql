-- Purpose: the former order lines; customers as hashes, times in UTC.
-- Grain: one row a line as stored, repeats included.
-- Parameters: none.
CREATE TEMPORARY TABLE fact_order (
    order_id text,
    product_id text,
    customer_id text,
    quantity integer,
    unit_price numeric(18, 6),
    status text,
    order_timestamp timestamp
) ON COMMIT DROP
