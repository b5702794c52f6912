-- Purpose: the dirty file into staging, as it is.
COPY stage_dirty (
    seller_id, product_id, gtin, title, brand, category, price, currency, stock_qty, status,
    description, updated_at
) FROM STDIN (FORMAT csv, HEADER);
