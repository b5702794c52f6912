-- Purpose: a place for the offers that change, for the marts.
-- Grain: one row a version.
-- Parameters: none.
CREATE TEMPORARY TABLE offer_written (
    seller_no integer,
    product_id text,
    date_on date
) ON COMMIT DROP
