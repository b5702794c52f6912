-- Purpose: what the warehouse found. Grain: a rule; 'records' and 'products' for what is staged.
SELECT
    why.rule_code AS rule,
    count(*) AS times
FROM quality.reject AS r
CROSS JOIN unnest(r.rule_codes) AS why (rule_code)
GROUP BY why.rule_code
UNION ALL
SELECT
    'products' AS rule,
    count(*) AS times
FROM staging.product_row
UNION ALL
SELECT
    'lines' AS rule,
    sum(lines) AS times
FROM staging.delivery;
