-- Purpose: the dimension's surrogate key, built after the load.
ALTER TABLE dim_product ADD CONSTRAINT dim_product_pkey PRIMARY KEY (product_key);
