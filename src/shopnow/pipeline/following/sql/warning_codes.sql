-- Purpose: what was let through with a word about it.
-- Grain: one row a rule and column.
-- Parameters: delivery_key.
SELECT
    w.rule_code,
    w.column_name,
    count(*) AS records,
    (array_agg(DISTINCT w.line_no))[1:5] AS first_lines
FROM quality.warning AS w
WHERE w.delivery_key = %(delivery_key)s
GROUP BY w.rule_code, w.column_name
ORDER BY records DESC, w.rule_code ASC, w.column_name ASC
