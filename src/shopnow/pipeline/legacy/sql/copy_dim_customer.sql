-- Purpose: the former customers, as far as the queries read them; their identifiers as hashes.
-- Grain: one row a customer.
-- Parameters: none.
CREATE TEMPORARY TABLE dim_customer (
    customer_id text,
    country text
) ON COMMIT DROP
