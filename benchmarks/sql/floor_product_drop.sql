-- Purpose: staging is gone when the load is.
DROP TABLE stage_product;
