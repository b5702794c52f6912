-- Purpose: a first query of an analyst after a restore. Grain: one row.
SELECT count(*) AS days
FROM mart.stock_daily
