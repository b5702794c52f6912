-- Purpose: work tables are gone when the load is.
DROP TABLE stage_product, product_delta;
