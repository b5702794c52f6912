-- Purpose: sellers as they are now with what they sent within four weeks, the latest sender first.
-- Grain: one row a seller; the total of all that answer stands in each.
-- Parameters: word (text or null), since, most, skipped.
SELECT
    known.seller_no,
    known.seller_id,
    known.seller_name,
    known.country,
    known.status,
    known.is_inferred,
    known.version AS versions,
    sent.records,
    sent.rejected,
    sent.last_on,
    count(*) OVER () AS found
FROM dwh.dim_seller AS known
LEFT JOIN (
    SELECT
        quality.seller_no,
        sum(quality.records)::bigint AS records,
        sum(quality.rejected)::bigint AS rejected,
        max(quality.date_on) AS last_on
    FROM mart.seller_quality AS quality
    WHERE quality.date_on > %(since)s
    GROUP BY quality.seller_no
) AS sent
    ON sent.seller_no = known.seller_no
WHERE known.is_current
    AND known.seller_no >= 0
    AND (
        %(word)s::text IS NULL
        OR strpos(lower(known.seller_id), lower(%(word)s)) > 0
        OR strpos(lower(known.seller_name), lower(%(word)s)) > 0
    )
ORDER BY sent.last_on DESC NULLS LAST, known.seller_no ASC
LIMIT %(most)s OFFSET %(skipped)s
