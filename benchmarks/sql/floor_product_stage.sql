-- Purpose: unlogged staging table with the columns of the products file. Grain: a row of the file.
CREATE UNLOGGED TABLE stage_product (
    seller_id text,
    product_id text,
    gtin text,
    title text,
    brand text,
    category text,
    price numeric(12, 2),
    currency text,
    stock_qty integer,
    status text,
    description text,
    updated_at timestamptz
);
