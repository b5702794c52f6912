-- Purpose: the orders file once more, as the checks read it. Grain: a row of the file.
CREATE TEMPORARY TABLE stage_line (
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
