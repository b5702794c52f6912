-- Purpose: room for the days on which a load changes an offer. Grain: product and day.

CREATE TEMPORARY TABLE IF NOT EXISTS touched_offers (
    seller_no integer NOT NULL,
    product_id text NOT NULL,
    date_on date NOT NULL
) ON COMMIT DELETE ROWS;
