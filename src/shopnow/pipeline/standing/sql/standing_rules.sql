-- Purpose: the rules that a seller's deliveries failed, now and four weeks before.
-- Grain: one row a rule that failed within 28 days.
-- Parameters: seller_no, at, zone.
WITH today AS (
    SELECT (%(at)s AT TIME ZONE %(zone)s)::date AS on_day
)

SELECT
    trend.rule_code,
    coalesce(sum(trend.failed) FILTER (WHERE trend.date_on > today.on_day - 28), 0)::bigint
        AS failed,
    coalesce(sum(trend.failed) FILTER (WHERE trend.date_on <= today.on_day - 28), 0)::bigint
        AS failed_before,
    (count(DISTINCT trend.date_on) FILTER (WHERE trend.date_on > today.on_day - 28))::integer
        AS days,
    max(trend.date_on) AS last_on
FROM quality.rule_trend AS trend
CROSS JOIN today
WHERE trend.seller_no = %(seller_no)s
    AND trend.date_on > today.on_day - 56
    AND trend.date_on <= today.on_day
GROUP BY trend.rule_code
HAVING max(trend.date_on) > max(today.on_day) - 28
ORDER BY failed DESC, trend.rule_code
