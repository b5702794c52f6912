-- Purpose: unlogged staging table of texts, its rows numbered. Grain: a row of the file.
CREATE UNLOGGED TABLE stage_dirty (
    seller_id text,
    product_id text,
    gtin text,
    title text,
    brand text,
    category text,
    price text,
    currency text,
    stock_qty text,
    status text,
    description text,
    updated_at text,
    row_no bigint GENERATED ALWAYS AS IDENTITY (CACHE 10000)
);
