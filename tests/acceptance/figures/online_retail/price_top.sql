-- Purpose: the codes whose price changed most often.
-- Grain: one row a code.
SELECT
    code.stock_code AS "StockCode",
    code.versions,
    code.distinct_values
FROM code
ORDER BY code.versions DESC, code.stock_code COLLATE "C" ASC
LIMIT 20;
