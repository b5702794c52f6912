-- Purpose: the chain itself: what ends a version starts the next one.
ALTER TABLE dim_product ADD CONSTRAINT dim_product_chain_fkey
FOREIGN KEY (seller_id, product_id, next_from)
REFERENCES dim_product (seller_id, product_id, valid_from) DEFERRABLE INITIALLY DEFERRED;
