-- Purpose: the stored column that carries the chain of versions, on the still empty table.
ALTER TABLE dim_product
ADD COLUMN next_from timestamptz GENERATED ALWAYS AS (
    CASE WHEN valid_to < '9999-12-31 00:00+00' THEN valid_to END
) STORED;
