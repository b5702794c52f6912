-- Purpose: what was put right without asking.
-- Grain: one row a rule and column.
-- Parameters: delivery_key.
SELECT
    c.rule_code,
    c.column_name,
    count(*) AS records,
    (array_agg(DISTINCT c.line_no))[1:5] AS first_lines
FROM quality.cleaning AS c
WHERE c.delivery_key = %(delivery_key)s
GROUP BY c.rule_code, c.column_name
ORDER BY records DESC, c.rule_code ASC, c.column_name ASC
