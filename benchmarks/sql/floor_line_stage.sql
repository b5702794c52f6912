-- Purpose: unlogged staging table with the columns of the orders file. Grain: a row of the file.
CREATE UNLOGGED TABLE stage_line (
    order_id bigint,
    line_no bigint,
    order_ts timestamptz,
    customer_id text,
    seller_id text,
    product_id text,
    qty integer,
    unit_price numeric(12, 2),
    currency text,
    status text
);
