-- Purpose: whether rows of a delivery were left behind by an intake that did not end.
-- Grain: one row.
-- Parameters: delivery_key.
SELECT EXISTS(
    SELECT
    FROM staging.copied_apart
    WHERE delivery_key = %(delivery_key)s
) AS is_left
