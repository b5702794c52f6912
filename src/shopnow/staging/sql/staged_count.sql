-- Purpose: records of a delivery that stand in staging; embedded statements are no records.
-- Grain: one row.
-- Parameters: delivery_key.
SELECT sum(part.records)::bigint AS records
FROM (
    SELECT count(*) AS records
    FROM staging.seller_row
    WHERE delivery_key = %(delivery_key)s
        AND NOT is_embedded
    UNION ALL
    SELECT count(*) AS records
    FROM staging.product_row
    WHERE delivery_key = %(delivery_key)s
        AND NOT is_embedded
    UNION ALL
    SELECT count(*) AS records
    FROM staging.customer_row
    WHERE delivery_key = %(delivery_key)s
        AND NOT is_embedded
    UNION ALL
    SELECT count(*) AS records
    FROM staging.offer_row
    WHERE delivery_key = %(delivery_key)s
    UNION ALL
    SELECT count(*) AS records
    FROM staging.order_row
    WHERE delivery_key = %(delivery_key)s
    UNION ALL
    SELECT count(*) AS records
    FROM staging.item_row
    WHERE delivery_key = %(delivery_key)s
    UNION ALL
    SELECT count(*) AS records
    FROM staging.payment_row
    WHERE delivery_key = %(delivery_key)s
    UNION ALL
    SELECT count(*) AS records
    FROM staging.click_row
    WHERE delivery_key = %(delivery_key)s
) AS part
