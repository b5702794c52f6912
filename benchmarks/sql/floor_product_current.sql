-- Purpose: one current row a product, built after the load.
CREATE UNIQUE INDEX dim_product_current_key ON dim_product (seller_id, product_id)
WHERE is_current;
