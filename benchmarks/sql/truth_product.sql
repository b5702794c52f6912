-- Purpose: the products file once more, as the checks read it. Grain: a row of the file.
CREATE TEMPORARY TABLE stage_product (
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
