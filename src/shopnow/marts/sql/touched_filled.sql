-- Purpose: which of the temporary tables hold anything: as a rule one or two of them.
-- Grain: one row a table that does.

SELECT 'touched_sales' AS name
WHERE EXISTS (SELECT 1 FROM touched_sales)
UNION ALL
SELECT 'touched_traffic' AS name
WHERE EXISTS (SELECT 1 FROM touched_traffic)
UNION ALL
SELECT 'touched_offers' AS name
WHERE EXISTS (SELECT 1 FROM touched_offers)
UNION ALL
SELECT 'touched_deliveries' AS name
WHERE EXISTS (SELECT 1 FROM touched_deliveries)
UNION ALL
SELECT 'touched_products' AS name
WHERE EXISTS (SELECT 1 FROM touched_products);
