-- Purpose: deliveries that are not published or lost a record (0 is right). Grain: one row.
SELECT
    count(*) FILTER (
        WHERE state <> 'published'
        OR records <> accepted + duplicate
    ) AS wrong
FROM staging.delivery;
