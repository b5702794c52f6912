-- Purpose: why records of a delivery were rejected.
-- Grain: one row a rule and column.
-- Parameters: delivery_key.
SELECT
    why.rule_code,
    why.column_name,
    count(*) AS records,
    (array_agg(DISTINCT r.line_no))[1:5] AS first_lines
FROM quality.reject AS r
CROSS JOIN unnest(r.rule_codes, r.columns) AS why (rule_code, column_name)
WHERE r.delivery_key = %(delivery_key)s
GROUP BY why.rule_code, why.column_name
ORDER BY records DESC, why.rule_code ASC, why.column_name ASC
