-- Purpose: a day of samples, one a minute of every value, as if every seller sent each day.
-- Parameters: at (when they were measured), minutes.
INSERT INTO journal.measurement (indicator, label, at, value)
SELECT
    kept.indicator,
    kept.label,
    kept.at - make_interval(mins => past.minute),
    kept.value * (1 + 0.1 * sin(past.minute / 60.0))
FROM (
    SELECT
        measured.indicator,
        measured.label,
        measured.at,
        measured.value
    FROM journal.measurement AS measured
    WHERE measured.at = %(at)s
    UNION
    SELECT
        of_seller.name,
        seller.seller_id,
        %(at)s,
        seller.seller_no %% 40
    FROM dwh.dim_seller AS seller
    CROSS JOIN (VALUES ('seller_reject_pct'), ('seller_volume_records')) AS of_seller (name)
    WHERE seller.is_current
        AND seller.seller_no > 0
) AS kept
CROSS JOIN generate_series(0, %(minutes)s::integer) AS past (minute)
ON CONFLICT DO NOTHING
