-- Purpose: room for the products whose versions a load changes. Grain: product.

CREATE TEMPORARY TABLE IF NOT EXISTS touched_products (
    seller_no integer NOT NULL,
    product_id text NOT NULL
) ON COMMIT DELETE ROWS;
