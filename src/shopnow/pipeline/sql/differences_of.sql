-- Purpose: records of the batch's deliveries that were passed over, in the words of an earlier one.
-- Grain: one row a delivery.
-- Parameters: deliveries (bigint[]).
SELECT
    difference.delivery_key,
    difference.passed_over,
    difference.is_timed
FROM staging.delivery_difference AS difference
WHERE difference.delivery_key = any(%(deliveries)s)
