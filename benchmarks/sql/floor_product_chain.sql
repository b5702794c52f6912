-- Purpose: the constraints of dwh.dim_product (scd.md R1) on the floor's dimension, so that the
-- second floor pays for the same promises; the list follows db/migrations/0050.
ALTER TABLE dim_product
ADD CONSTRAINT dim_product_status_is_known CHECK (status IN ('active', 'paused', 'withdrawn')),
ADD CONSTRAINT dim_product_valid_from_key UNIQUE (seller_id, product_id, valid_from),
ADD CONSTRAINT dim_product_valid_to_key UNIQUE (seller_id, product_id, valid_to)
DEFERRABLE INITIALLY DEFERRED,
ADD CONSTRAINT dim_product_period_is_not_empty CHECK (valid_from < valid_to),
ADD CONSTRAINT dim_product_current_is_open CHECK (
    is_current = (valid_to = '9999-12-31 00:00+00')
);
