-- Purpose: whether another delivery of orders is judged and not loaded yet.
-- Grain: one row.
-- Parameters: delivery_key.
SELECT EXISTS(
    SELECT 1
    FROM staging.delivery AS other
    WHERE other.feed = 'orders'
        AND other.state = 'normalised'
        AND other.delivery_key <> %(delivery_key)s
) AS is_on_its_way
