-- Purpose: the months are written anew.
-- Grain: none.
-- Parameters: months (date[]).
DELETE FROM mart.analyst_traffic_by_seller
WHERE month = ANY(%(months)s)
