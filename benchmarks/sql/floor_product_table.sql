-- Purpose: the floor's dimension: the attributes that the warehouse keeps, and a validity.
-- Grain: a version of a product.
CREATE TABLE dim_product (
    product_key bigint GENERATED ALWAYS AS IDENTITY,
    seller_id text NOT NULL,
    product_id text NOT NULL,
    title text,
    description text,
    brand text,
    gtin text,
    source_category text,
    status text,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL DEFAULT '9999-12-31 00:00+00',
    is_current boolean NOT NULL DEFAULT TRUE,
    is_deleted boolean NOT NULL DEFAULT FALSE
) WITH (fillfactor = 85);
