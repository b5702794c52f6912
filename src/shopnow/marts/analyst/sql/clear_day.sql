-- Purpose: the months are written anew.
-- Grain: none.
-- Parameters: months (date[]).
DELETE FROM mart.analyst_sales_by_day
WHERE month = ANY(%(months)s)
