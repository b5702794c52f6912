-- Purpose: why records were rejected, the most frequent reason first; a record rejected only
-- because the one that carries it was counts under that one.
-- Grain: one row a rule.
-- Parameters: limit.
SELECT
    why.rule_code,
    count(*) AS records,
    count(DISTINCT r.delivery_key) AS deliveries,
    count(DISTINCT r.seller_no) AS senders
FROM quality.reject AS r
CROSS JOIN unnest(r.rule_codes) AS why (rule_code)
WHERE why.rule_code <> 'parent_rejected'
GROUP BY why.rule_code
ORDER BY records DESC, why.rule_code ASC
LIMIT %(limit)s
