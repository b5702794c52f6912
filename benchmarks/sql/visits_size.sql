-- Purpose: how big the warehouse is that the pages show.
-- Grain: one row.
SELECT
    (SELECT count(*) FROM dwh.fact_order) AS order_lines,
    (SELECT count(*) FROM journal.measurement) AS samples,
    (SELECT count(*) FROM staging.delivery) AS deliveries,
    (
        SELECT count(*) FROM security.seller
        WHERE seller_no > 0
    ) AS sellers
