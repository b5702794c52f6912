-- Purpose: a seller and day is refreshed once, however often the batch touched it.
-- Grain: one row a seller and day.
-- Parameters: none.
WITH repeated AS (
    SELECT
        touched.ctid AS place,
        row_number() OVER (
            PARTITION BY touched.seller_no, touched.date_on
            ORDER BY touched.ctid
        ) AS nth
    FROM touched_sales AS touched
)

DELETE FROM touched_sales AS touched
USING repeated
WHERE touched.ctid = repeated.place
    AND repeated.nth > 1
