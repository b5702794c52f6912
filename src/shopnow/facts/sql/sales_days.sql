-- Purpose: the days whose lines a batch touched.
-- Grain: one row a day.
-- Parameters: none.
SELECT DISTINCT touched.date_on
FROM touched_sales AS touched
